#!/usr/bin/env bash
# Builds the server and its clients and runs the server in the foreground, on an embedded store with
# a development certificate. Prints, once it serves, how to talk to it.
#
#     Scripts/run.sh [release | debug]
#
# DOCKET_DATA and DOCKET_LISTEN name another folder and another HOST:PORT.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly configuration=${1:-release}
readonly data=${DOCKET_DATA:-.docket}
readonly listen=${DOCKET_LISTEN:-127.0.0.1:7443}
readonly ready="$data/ready"
readonly credentials="$data/dev-credentials.json"

echo "Building; the first time takes minutes."
# In a release build the Swift runtime is linked in, as in the programs that the benchmarks measure:
# calls into a shared one cost a fifth of the processor's time.
linking=()
[ "$configuration" != release ] || linking=(--static-swift-stdlib)
swift build --configuration "$configuration" "${linking[@]}" --target Programs
# A link to where the build tool has put them, short enough to type.
readonly binaries=".build/$configuration"

# Waits until the process serves, or is gone, and then says how to talk to it.
announce() {
    until [ -s "$ready" ]; do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    cat <<TEXT

Docket serves at $(cat "$ready"). In two other terminals, in this folder:

    $binaries/docket-chat --credentials $credentials
        opens a chat as a customer: write something

    $binaries/docket answer --credentials $credentials
        then answers it as an agent

Ctrl-C stops the server; what was said is kept in $data.

TEXT
}

rm -f "$ready"
announce $$ &
exec "$binaries/docketd" serve --dev --data "$data" --listen "$listen" --ready-file "$ready"
