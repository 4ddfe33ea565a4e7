#!/usr/bin/env bash
# Writes what is made from Protocol/docket/v1/*.proto: the messages in Sources/DocketMessages, the
# callers and server protocols in Sources/DocketCalls, and the table in Protocol/METHODS.md.
# The results are committed; `Scripts/generate.sh --check` fails when they are out of date.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v protoc >/dev/null || { echo "protoc is missing: apt-get install protobuf-compiler libprotobuf-dev" >&2; exit 69; }
for product in protoc-gen-swift protoc-gen-docket; do swift build --product "$product" >&2; done
plugins=$(swift build --show-bin-path)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir -p "$out/messages" "$out/calls" "$out/protocol"
protos=(Protocol/docket/v1/*.proto)
protoc -I Protocol -I /usr/include --plugin="$plugins/protoc-gen-swift" \
    --swift_opt=Visibility=Package,UseAccessLevelOnImports=true,FileNaming=DropPath \
    --swift_out="$out/messages" "${protos[@]}"
protoc -I Protocol -I /usr/include --plugin="$plugins/protoc-gen-docket" \
    --docket_opt=Table=true --docket_out="$out/calls" "${protos[@]}"
mv "$out/calls/METHODS.md" "$out/protocol/METHODS.md"
if [ "${1:-}" = --check ]; then
    diff -r "$out/messages" Sources/DocketMessages && diff -r "$out/calls" Sources/DocketCalls \
        && diff "$out/protocol/METHODS.md" Protocol/METHODS.md \
        || { echo "Generated code is out of date: run Scripts/generate.sh" >&2; exit 1; }
else
    rm -f Sources/DocketMessages/*.swift Sources/DocketCalls/*.swift
    cp "$out/messages/"*.swift Sources/DocketMessages/
    cp "$out/calls/"*.swift Sources/DocketCalls/
    cp "$out/protocol/METHODS.md" Protocol/METHODS.md
fi
