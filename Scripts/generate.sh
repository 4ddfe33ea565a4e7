#!/usr/bin/env bash
# Writes what is made from Protocol/docket/v1/*.proto: the messages in Sources/DocketMessages, the
# callers and server protocols in Sources/DocketCalls, and the table in Protocol/METHODS.md; beside
# them what is made from Protocol/docket/local/*.proto, which no server has and no table names; and
# Tests/Support/Interop from Tests/Interop/interop.proto, the service that transports are tested
# with.
# The results are committed; `Scripts/generate.sh --check` fails when they are out of date.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v protoc >/dev/null; then
    echo "protoc is missing: apt-get install protobuf-compiler libprotobuf-dev" >&2
    exit 69
fi
for product in protoc-gen-swift protoc-gen-docket; do swift build --product "$product" >&2; done
plugins=$(swift build --show-bin-path)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir -p "$out/messages" "$out/calls" "$out/protocol" "$out/interop"
messages_options=Visibility=Package,UseAccessLevelOnImports=true,FileNaming=DropPath
protos=(Protocol/docket/v1/*.proto)
protoc -I Protocol -I /usr/include --plugin="$plugins/protoc-gen-swift" \
    --swift_opt="$messages_options" --swift_out="$out/messages" "${protos[@]}"
protoc -I Protocol -I /usr/include --plugin="$plugins/protoc-gen-docket" \
    --docket_opt=Table=true,Messages=DocketMessages --docket_out="$out/calls" "${protos[@]}"
mv "$out/calls/METHODS.md" "$out/protocol/METHODS.md"
locals=(Protocol/docket/local/*.proto)
protoc -I Protocol -I /usr/include --plugin="$plugins/protoc-gen-swift" \
    --swift_opt="$messages_options" --swift_out="$out/messages" "${locals[@]}"
protoc -I Protocol -I /usr/include --plugin="$plugins/protoc-gen-docket" \
    --docket_opt=Messages=DocketMessages --docket_out="$out/calls" "${locals[@]}"
# The service's rules are options, which leave no trace in the messages; so these need no import.
protoc -I Tests/Interop -I Protocol -I /usr/include --plugin="$plugins/protoc-gen-swift" \
    --swift_opt="$messages_options" --swift_out="$out/interop" Tests/Interop/interop.proto
protoc -I Tests/Interop -I Protocol -I /usr/include --plugin="$plugins/protoc-gen-docket" \
    --docket_out="$out/interop" Tests/Interop/interop.proto
if [ "${1:-}" = --check ]; then
    diff -r "$out/messages" Sources/DocketMessages && diff -r "$out/calls" Sources/DocketCalls \
        && diff "$out/protocol/METHODS.md" Protocol/METHODS.md \
        && diff -r "$out/interop" Tests/Support/Interop \
        || { echo "Generated code is out of date: run Scripts/generate.sh" >&2; exit 1; }
else
    rm -f Sources/DocketMessages/*.swift Sources/DocketCalls/*.swift Tests/Support/Interop/*.swift
    mkdir -p Tests/Support/Interop
    cp "$out/messages/"*.swift Sources/DocketMessages/
    cp "$out/calls/"*.swift Sources/DocketCalls/
    cp "$out/interop/"*.swift Tests/Support/Interop/
    cp "$out/protocol/METHODS.md" Protocol/METHODS.md
fi
