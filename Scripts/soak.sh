#!/usr/bin/env bash
# Runs all tests again and again, each time with another seed, until the time is over or one fails.
# The seed of a failing round is printed; DOCKET_SEED=<seed> make test repeats it.
#
#     Scripts/soak.sh [MINUTES]
set -euo pipefail
cd "$(dirname "$0")/.."

readonly minutes=${1:-60}
[[ $minutes =~ ^[1-9][0-9]*$ ]] || { echo "usage: soak.sh [MINUTES]" >&2; exit 64; }
readonly end=$((SECONDS + minutes * 60))

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
