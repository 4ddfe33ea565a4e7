#!/usr/bin/env bash
# Runs a simulation, of the client library or of the desk, in as many processes as there are
# processors.
#
#   Scripts/simulate.sh PROGRAM FIRST..LAST
#
# Each process runs its share of the seeds in order and prints what fails, with how to see it again.
set -euo pipefail

readonly program=${1:-} seeds=${2:-}
[[ $seeds =~ ^[0-9]+\.\.[0-9]+$ ]] || {
    echo "usage: simulate.sh PROGRAM FIRST..LAST, such as 1..5000" >&2
    exit 64
}
readonly first=${seeds%%..*} last=${seeds##*..}
shares=$(nproc)
readonly shares

pids=()
# Nothing goes on behind a run that is broken off.
trap 'kill "${pids[@]}" 2>/dev/null || true' EXIT
for ((share = 0; share < shares; share++)); do
    from=$((first + (last - first + 1) * share / shares))
    to=$((first + (last - first + 1) * (share + 1) / shares - 1))
    if ((from > to)); then continue; fi
    "$program" --seeds "$from..$to" &
    pids+=($!)
done
status=0
for pid in "${pids[@]}"; do wait "$pid" || status=1; done
exit "$status"
