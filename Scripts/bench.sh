#!/usr/bin/env bash
# Measures a release build of the server on this machine: starts it on a new store, runs each load
# several times in turn, and prints one line of JSON a run. Benchmarks/RESULTS.md explains the
# figures and keeps the ones that count.
#
#     Scripts/bench.sh [RUNS] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."

readonly runs=${1:-5}
readonly seconds=${2:-5}

for product in docketd docket-load; do
    swift build --configuration release --static-swift-stdlib --product "$product"
done
binaries=$(swift build --configuration release --static-swift-stdlib --show-bin-path)
data=$(mktemp -d)
server=
# Ends the server that this script started, and removes its store.
stop_server() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=
    fi
    rm -rf "${data:?}"/*
}
trap 'stop_server; rm -rf "$data"' EXIT
# A load of thousands of connections takes two descriptors for each.
ulimit -n "$(ulimit -Hn)"

start_server() {
    "$binaries/docketd" serve --dev --data "$data/store" --listen 127.0.0.1:0 \
        --ready-file "$data/ready" 2>"$data/log" &
    server=$!
    until [ -s "$data/ready" ]; do
        kill -0 "$server" || { tail -n 20 "$data/log" >&2; exit 1; }
        sleep 0.1
    done
}

load() {
    echo "# docket-load $*"
    "$binaries/docket-load" "$@" --seconds "$seconds" --json --server-pid "$server" \
        --credentials "$data/store/dev-credentials.json" | tail -n 1
}

# Each line is measured on a server of its own, so that none inherits another's store or memory.
measure() {
    start_server
    load "$@"
    stop_server
}

for ((run = 1; run <= runs; run++)); do
    measure echo --connections 8 --depth 16
    measure echo --connections 64 --depth 8
    measure echo --connections 1 --depth 1
    measure post --connections 64 --depth 2
    measure post --connections 64 --depth 8
    measure fanout --connections 1000 --depth 1
    measure fanout --connections 1000 --depth 32
    measure connect --connections 4
    measure connect --connections 4 --resume
    measure idle --connections 5000
done
