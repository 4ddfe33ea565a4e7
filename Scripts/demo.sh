#!/usr/bin/env bash
# Plays the dialogues of Examples/dialogues as live chats over TLS between a customer's and an
# agent's client, kills the server in the middle of the second and starts it again, lets a customer
# write without a network and kills the customer's program, lets another write a mail that an agent
# answers while the mail channel's program is killed, and ends with a status other than 0 when
# anything that was said is lost, doubled or misplaced.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --product docketd
swift build --product docket-channel-bridge
swift build --product docket-demo
programs=$(swift build --show-bin-path)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$programs/docket-demo" --docketd "$programs/docketd" \
    --bridge "$programs/docket-channel-bridge" \
    --dialogues Examples/dialogues/abcd_sample.json --folder "$folder"
