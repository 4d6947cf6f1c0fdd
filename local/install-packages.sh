#!/usr/bin/env bash
# Installs Debian packages and nothing else: no service is started, no database cluster is created. Needs root.
set -euo pipefail

readonly policy=/usr/sbin/policy-rc.d
readonly cluster=/etc/postgresql-common/createcluster.d/crmmail.conf
readonly patience=(-q -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20)
created=()

main() {
    trap 'rm -f "${created[@]}"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    export DEBIAN_FRONTEND=noninteractive
    keep_services_off
    # An outdated or partly unreachable index need not stop the install, which says what it lacks.
    apt-get update "${patience[@]}" || true
    apt-get install --yes --no-install-recommends "${patience[@]}" "$@"
    keep_services_off_at_boot "$@"
}

# A policy that is already there is the machine owner's.
keep_services_off() {
    if [[ ! -e $policy ]]; then
        created+=("$policy")
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    mkdir -p "${cluster%/*}"
    created+=("$cluster")
    printf 'create_main_cluster = false\n' >"$cluster"
}

keep_services_off_at_boot() {
    local package
    [[ -d /run/systemd/system ]] || return 0
    for package in "$@"; do
        case $package in
            postgresql | redis-server) systemctl disable "$package" ;;
        esac
    done
}

main "$@"
