#!/usr/bin/env bash
# Makes the image schemactl-test-postgres:MAJOR of the PostgreSQL that Debian has installed here; nothing is downloaded.
set -euo pipefail
major=${1:-15}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{bin,tmp,etc,usr/bin,usr/lib/postgresql,usr/share/postgresql,usr/share/zoneinfo,var/lib/postgresql}
chmod 755 "$root"
chmod 1777 "$root/tmp"
cp -a "/usr/lib/postgresql/$major" "$root/usr/lib/postgresql/"
cp -a "/usr/share/postgresql/$major" "$root/usr/share/postgresql/"
cp -aL /usr/share/zoneinfo "$root/usr/share/"
mkdir -p "$root/usr/lib/locale"; cp -a /usr/lib/locale/C.utf8 "$root/usr/lib/locale/" 2>/dev/null || true
tools=(/bin/sh /usr/bin/mkdir /usr/bin/chown /usr/bin/cat /usr/bin/setpriv)
for tool in "${tools[@]}"; do cp -L --parents "$(command -v "$tool")" "$root/"; done
[ -e "$root/bin/sh" ] || cp -L /bin/sh "$root/bin/sh"
find "$root/usr/lib/postgresql" -type f \( -name '*.so' -o -perm -u+x \) -print0 | { cat; printf '%s\0' "${tools[@]}"; } |
    { xargs -0 -n1 ldd 2>/dev/null || true; } | grep -o '/[^ ]*\.so[^ ]*' | sort -u | while read -r library; do
    cp -L --parents "$library" "$root/"
done
printf 'root:x:0:0::/:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\n' > "$root/etc/passwd"
printf 'root:x:0:\npostgres:x:999:\n' > "$root/etc/group"
cat > "$root/entry" <<ENTRY
#!/bin/sh
set -e
export PATH=/usr/lib/postgresql/$major/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data
mkdir -p \$PGDATA /var/run/postgresql
chown -R postgres:postgres /var/lib/postgresql /var/run/postgresql
as() { setpriv --reuid=999 --regid=999 --clear-groups "\$@"; }
echo "\$POSTGRES_PASSWORD" > /tmp/pw
chown postgres /tmp/pw
as initdb -U postgres --pwfile=/tmp/pw --auth-host=scram-sha-256 --auth-local=trust \$POSTGRES_INITDB_ARGS >&2
echo "host all all all scram-sha-256" >> \$PGDATA/pg_hba.conf
exec setpriv --reuid=999 --regid=999 --clear-groups "\$@" -c listen_addresses='*'
ENTRY
chmod +x "$root/entry"
tar -C "$root" -c . | docker import -c 'ENTRYPOINT ["/entry"]' -c 'EXPOSE 5432' - "schemactl-test-postgres:$major"
