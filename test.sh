#!/usr/bin/env bash
# Passes the tests on a fresh machine: installs a PostgreSQL where none is found, then runs everything against it.
set -euo pipefail
cd "$(dirname "$0")"
found() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb >/dev/null 2>&1; }
if [ -z "${SCHEMACTL_TEST_PG_URL:-}" ] && ! found; then
    if ! command -v apt-get >/dev/null; then
        echo "no PostgreSQL found: install one with its contrib modules, or set SCHEMACTL_PG_BIN" >&2
        exit 1
    fi
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -q
    $sudo apt-get install -y -q postgresql postgresql-contrib
fi
exec cargo test --locked "$@"
