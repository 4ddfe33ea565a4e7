#!/usr/bin/env bash
# Fails when hand-written Swift is not in the project's format, or when something that is made from
# the protocol's definition is out of date.
#
#     Scripts/lint.sh format      the format alone
#     Scripts/lint.sh generated   what is made alone; the generated Swift needs a build
#     Scripts/lint.sh             both
set -euo pipefail
cd "$(dirname "$0")/.."

# Files of Swift that people write: generators say in the first lines that theirs are not.
hand_written() {
    git ls-files -z '*.swift' | while IFS= read -r -d '' file; do
        head -n 5 "$file" | grep -qi 'do not edit' || printf '%s\0' "$file"
    done
}

check_format() {
    hand_written | xargs -0 swift format lint --strict --parallel --configuration .swift-format
}

# The system's Python has protobuf, which Debian's packages bring; another one in the path may not.
check_generated() {
    /usr/bin/python3 Scripts/generate_reasons.py --check
    /usr/bin/python3 Scripts/make_vectors.py --check
    Scripts/generate.sh --check
}

case "${1:-all}" in
    format) check_format ;;
    generated) check_generated ;;
    all)
        check_format
        check_generated
        ;;
    *)
        echo "usage: lint.sh [format | generated]" >&2
        exit 64
        ;;
esac
