#!/usr/bin/env bash
# Tries what the README and Benchmarks/RESULTS.md tell people to type, in minutes and on the debug
# build: the development server with its health, and every line of the benchmarks. The figures of a
# debug build mean nothing; that the commands run does.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

try_run() {
    DOCKET_DATA="$folder/data" DOCKET_LISTEN=127.0.0.1:0 Scripts/run.sh debug >"$folder/log" 2>&1 &
    server=$!
    until [ -s "$folder/data/ready" ]; do
        kill -0 "$server" || { cat "$folder/log" >&2; exit 1; }
        sleep 0.1
    done
    .build/debug/docketd health --credentials "$folder/data/dev-credentials.json"
    .build/debug/docket queue --credentials "$folder/data/dev-credentials.json"
    kill -TERM "$server"
    wait "$server"
    server=
}

try_run
CONFIGURATION=debug Scripts/bench.sh 1 0.3 50
CONFIGURATION=debug Scripts/bench_store.sh 1500 0.2
