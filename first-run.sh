#!/usr/bin/env bash
# Builds schemactl, brings the example of this repository up on a PostgreSQL of its own in .schemactl/, prints its status.
set -euo pipefail
cd "$(dirname "$0")"
found() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb >/dev/null 2>&1; }
if ! found && command -v apt-get >/dev/null; then
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -q
    $sudo apt-get install -y -q postgresql postgresql-contrib
fi
cargo build --locked
target/debug/schemactl apply --env local --yes
target/debug/schemactl status --env local
