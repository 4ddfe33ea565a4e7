#!/usr/bin/env bash
# Runs all tests again and again, each time with another seed, until the time is over or one fails.
# Before that it builds the parts that read foreign bytes with the address sanitizer and runs their
# tests, those with damaged frames and calls many times over. Then it kills processes that play on a
# store, and compares what each leaves with what it had acknowledged.
# The seed of a failing round is printed; DOCKET_SEED=<seed> make test repeats it.
#
#     Scripts/soak.sh [MINUTES]
set -euo pipefail
cd "$(dirname "$0")/.."

readonly minutes=${1:-60}
[[ $minutes =~ ^[1-9][0-9]*$ ]] || { echo "usage: soak.sh [MINUTES]" >&2; exit 64; }

# What reads bytes that come from outside, in C or in Swift.
readonly reads_bytes='DocketTLSTests|DocketCryptoTests|DocketWireTests|DocketTransportTests'
# How many times as much damage as in a usual run of the tests.
readonly times_the_damage=50
# How many processes are killed.
readonly kills=300

# test_with_sanitizer FILTER [NAME=VALUE]: runs the tests of the sanitized build.
test_with_sanitizer() {
    local filter=$1
    shift
    # A trap under a sanitizer would leave the runtime's backtracer behind.
    env SWIFT_BACKTRACE=enable=no "$@" swift test --sanitize address --scratch-path .build-address \
        --skip-build --no-parallel --filter "$filter"
}

sanitize() {
    swift build --build-tests --sanitize address --scratch-path .build-address
    test_with_sanitizer "$reads_bytes"
    test_with_sanitizer 'DamagedFrameTests|DamagedCallTests' DOCKET_ROUNDS="$times_the_damage"
}

readonly end=$((SECONDS + minutes * 60))
echo "with the address sanitizer"
sanitize || { echo "a test failed with the address sanitizer" >&2; exit 1; }

echo "$kills kills of processes that play on a store"
swift build -c release --product docket-desk-simulation
.build/release/docket-desk-simulation kills --count "$kills" || exit 1

rounds=0
while ((SECONDS < end)); do
    seed=$(od -An -N7 -tu8 /dev/urandom | tr -d ' ')
    echo "round $((rounds + 1)) with DOCKET_SEED=$seed"
    # Not all tests at once: `make test` knows which of them must have the machine to themselves.
    DOCKET_SEED=$seed "${MAKE:-make}" test || {
        echo "round $((rounds + 1)) failed: repeat it with DOCKET_SEED=$seed make test" >&2
        exit 1
    }
    rounds=$((rounds + 1))
done
echo "$rounds rounds passed in $minutes minutes"
