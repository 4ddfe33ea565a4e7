#!/usr/bin/env bash
# Measures a release build of the server on this machine: starts it on a new store, runs each load
# several times in turn, and prints one line of JSON a run. Benchmarks/RESULTS.md explains the
# figures and keeps the ones that count.
#
#     Scripts/bench.sh [RUNS] [SECONDS] [CONNECTIONS]
#
# CONNECTIONS bounds how many the loads of many connections open.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly runs=${1:-5}
readonly seconds=${2:-5}
readonly most=${3:-5000}
source Scripts/measured_server.sh

build docketd docket-load
folder=$(mktemp -d)
trap 'stop_server; rm -rf "$folder"' EXIT

# at_most COUNT: so many connections, or fewer where fewer are wanted.
at_most() {
    echo $(($1 < most ? $1 : most))
}

# Each line is measured on a server of its own, so that none inherits another's store or memory.
measure() {
    start_server "$folder/store"
    load "$folder/store" "$@"
    stop_server
    rm -rf "$folder/store"
}

for ((run = 1; run <= runs; run++)); do
    measure echo --connections 8 --depth 16
    measure echo --connections 64 --depth 8
    measure echo --connections 1 --depth 1
    measure post --connections 64 --depth 2
    measure post --connections 64 --depth 8
    measure fanout --connections "$(at_most 1000)" --depth 1
    measure fanout --connections "$(at_most 1000)" --depth 32
    measure connect --connections 4
    measure connect --connections 4 --resume
    measure idle --connections "$(at_most 5000)"
done
