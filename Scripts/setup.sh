#!/usr/bin/env bash
# Makes sure that everything is there that Docket is built and tested with: Swift, and a few
# packages of Debian. Installs missing packages where it may; otherwise says the command and exits
# with 69.
set -euo pipefail

readonly unavailable=69
readonly swift_major=6 swift_minor=2
readonly packages=(
    libssl-dev libsqlite3-dev
    protobuf-compiler libprotobuf-dev python3 python3-protobuf
    pkg-config libgmime-3.0-dev libcurl4-openssl-dev exim4-daemon-light
    git make tmux
)

check_swift() {
    local wanted="Swift $swift_major.$swift_minor or newer" version major minor
    if ! command -v swift >/dev/null; then
        echo "Swift is missing. Install $wanted from https://www.swift.org/install/linux/" >&2
        exit "$unavailable"
    fi
    version=$(swift --version 2>/dev/null)
    version=$(sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' <<<"$version")
    read -r major minor <<<"$version"
    if ((${major:-0} < swift_major || (major == swift_major && ${minor:-0} < swift_minor))); then
        echo "Swift is too old. Install $wanted from https://www.swift.org/install/linux/" >&2
        exit "$unavailable"
    fi
}

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null \
            | grep -q '^.i' || echo "$package"
    done
}

# Runs apt-get as root and without a question.
apt() {
    local as_root=()
    ((EUID == 0)) || as_root=(sudo -n)
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o Acquire::Retries=3 "$@" </dev/null
}

check_packages() {
    local missing
    if ! command -v dpkg-query >/dev/null; then
        echo "This is not Debian. Install what these packages contain: ${packages[*]}" >&2
        exit "$unavailable"
    fi
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]} > 0)) || return 0
    if ((EUID == 0)) || sudo -n true 2>/dev/null; then
        echo "Installing ${missing[*]}"
        apt update && apt install --no-install-recommends "${missing[@]}" && return 0
    fi
    echo "Some packages are missing. Install them with:" >&2
    echo "    sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
    exit "$unavailable"
}

check_swift
check_packages
