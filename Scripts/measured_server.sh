# Starts and stops the server that a benchmark measures. Sourced by Scripts/bench*.sh, which set
# `seconds`, how long each load runs.
#
# CONFIGURATION=debug measures the build that the tests made; its figures mean nothing, but it shows
# in a minute that every line of a benchmark runs.

readonly configuration=${CONFIGURATION:-release}
linking=()
[ "$configuration" != release ] || linking=(--static-swift-stdlib)

# build PRODUCT...: builds what is measured, and sets `binaries` to where it is.
build() {
    local product
    for product; do
        swift build --configuration "$configuration" "${linking[@]}" --product "$product" >&2
    done
    binaries=$(swift build --configuration "$configuration" "${linking[@]}" --show-bin-path)
    # A load of thousands of connections takes two descriptors for each.
    ulimit -n "$(ulimit -Hn)"
}

server=
# Ends the server that the script started.
stop_server() {
    [ -n "$server" ] || return 0
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}

# start_server STORE: serves a store, which need not be there yet, and waits until it answers.
start_server() {
    mkdir -p "$1"
    rm -f "$1/ready"
    "$binaries/docketd" serve --dev --data "$1" --listen 127.0.0.1:0 \
        --ready-file "$1/ready" 2>"$1/log" &
    server=$!
    until [ -s "$1/ready" ]; do
        kill -0 "$server" || { tail -n 20 "$1/log" >&2; exit 1; }
        sleep 0.1
    done
}

# load STORE COMMAND...: runs a load against the server of a store and prints its line of JSON.
load() {
    local store=$1
    shift
    echo "# $(basename "$store"): docket-load $*"
    "$binaries/docket-load" "$@" --seconds "$seconds" --json --server-pid "$server" \
        --credentials "$store/dev-credentials.json" | tail -n 1
}
