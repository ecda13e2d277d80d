#!/usr/bin/env bash
# A PostgreSQL for scratch databases: of the major version POSTGRES, else any that is there, else Debian's or Ubuntu's own.
set -euo pipefail
major="${POSTGRES:-}"
if [ -n "$major" ]; then
    case "$major" in
        *[!0-9]*) echo "::error::\`postgres\` takes a major version, such as 17" >&2; exit 4 ;;
    esac
    [ -x "/usr/lib/postgresql/$major/bin/initdb" ] && exit 0
    sudo apt-get update -q
    sudo apt-get install -y -q postgresql-common
    sudo /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y
    sudo apt-get install -y -q "postgresql-$major"
elif ! command -v initdb > /dev/null && ! ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1; then
    sudo apt-get update -q
    sudo apt-get install -y -q postgresql postgresql-contrib
fi
