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
clean_up() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$data"
}
trap clean_up EXIT

"$binaries/docketd" serve --dev --data "$data/store" --listen 127.0.0.1:0 \
    --ready-file "$data/ready" 2>"$data/log" &
server=$!
until [ -s "$data/ready" ]; do
    kill -0 "$server" || { tail -n 20 "$data/log" >&2; exit 1; }
    sleep 0.1
done

load() {
    echo "# docket-load $*"
    "$binaries/docket-load" "$@" --seconds "$seconds" --json --server-pid "$server" \
        --credentials "$data/store/dev-credentials.json" | tail -n 1
}

for ((run = 1; run <= runs; run++)); do
    load echo --connections 8 --depth 16
    load echo --connections 64 --depth 8
    load echo --connections 1 --depth 1
    load connect --connections 1
    load idle --connections 1000
done
