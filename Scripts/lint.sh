#!/usr/bin/env bash
# Fails when hand-written Swift is not in the project's format, or when something that is made from
# the protocol's definition is out of date. The last check needs a build of the generators.
set -euo pipefail
cd "$(dirname "$0")/.."

Scripts/format.sh --check
# The system's Python has protobuf, which Debian's packages bring; another one in the path may not.
/usr/bin/python3 Scripts/generate_reasons.py --check
/usr/bin/python3 Scripts/make_vectors.py --check
Scripts/generate.sh --check
