#!/usr/bin/env bash
# Puts hand-written Swift into the project's format; `Scripts/format.sh --check` changes nothing and
# fails where something is not in it.
set -euo pipefail
cd "$(dirname "$0")/.."

# Files of Swift that people write: generators say in the first lines that theirs are not.
hand_written() {
    git ls-files -z '*.swift' | while IFS= read -r -d '' file; do
        head -n 5 "$file" | grep -qi 'do not edit' || printf '%s\0' "$file"
    done
}

case "${1:-}" in
    --check) command=(lint --strict) ;;
    "") command=(format --in-place) ;;
    *)
        echo "usage: format.sh [--check]" >&2
        exit 64
        ;;
esac
hand_written | xargs -0 swift format "${command[@]}" --parallel --configuration .swift-format
