#!/usr/bin/env bash
# Measures what a large store costs: fills one store with REQUESTS requests and another with some
# thousand, and prints one line of JSON for each load on either: posts spread over random requests,
# lists, searches, and where the bytes are. Benchmarks/RESULTS.md explains the figures.
#
#     Scripts/bench_store.sh [REQUESTS] [SECONDS] [FOLDER]
#
# Without FOLDER the stores are made in a temporary folder and removed. In FOLDER they stay, and
# those that are there already are measured again.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly requests=${1:-1000000}
readonly seconds=${2:-5}

source Scripts/measured_server.sh

build docketd docket-load docket-fill
temporary=
if [ $# -ge 3 ]; then
    folder=$3
    mkdir -p "$folder"
else
    folder=$(mktemp -d)
    temporary=$folder
fi
trap 'stop_server; [ -z "$temporary" ] || rm -rf "$temporary"' EXIT

# fill STORE REQUESTS: makes a store with the development accounts and so many requests.
fill() {
    [ ! -e "$1/docket.sqlite" ] || return 0
    start_server "$1"
    stop_server
    echo "# docket-fill --requests $2"
    "$binaries/docket-fill" --store "$1" --requests "$2" --json
}

# Where the bytes are, from the largest table or index to the smallest of note.
bytes_by_table() {
    python3 - "$1/docket.sqlite" <<'END'
import sqlite3, sys
store = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
messages = store.execute("SELECT sum(sequence) FROM request").fetchone()[0]
sizes = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC"
rows = store.execute(sizes).fetchall()
print(f"# bytes for each of {messages} messages: {sum(size for _, size in rows) / messages:.0f}")
for name, size in rows:
    if size / messages >= 1:
        print(f"#   {name}: {size / messages:.1f}")
END
}

# Four in five are on the channel to which the load posts.
fill "$folder/thousand" 1300
fill "$folder/many" "$requests"
bytes_by_table "$folder/many"

# The two stores take turns, so that what the machine does meanwhile meets both.
for ((run = 1; run <= 3; run++)); do
    for store in thousand many; do
        start_server "$folder/$store"
        load "$folder/$store" post --existing --conversations 1000 --connections 64 --depth 2
        stop_server
    done
done
for store in thousand many; do
    start_server "$folder/$store"
    for kind in status assignee contact channel rare common both phrase prefix; do
        load "$folder/$store" query --kind "$kind" --connections 1 --depth 1
    done
    stop_server
done
