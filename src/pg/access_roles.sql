WITH RECURSIVE held (oid, name, path, inherits) AS (
    SELECT r.oid, r.rolname::text, ARRAY[r.rolname::text], true
    FROM pg_catalog.pg_roles r
    WHERE r.rolname = $1
    UNION ALL
    SELECT further.oid, further.name, held.path || further.name, held.inherits AND further.inherits
    FROM held
    JOIN (
        SELECT m.member, g.oid, g.rolname::text AS name,
               coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, own.rolinherit) AS inherits
        FROM pg_catalog.pg_auth_members m
        JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
        JOIN pg_catalog.pg_roles own ON own.oid = m.member
        UNION ALL
        -- Whoever owns the database is a member of this role there, by no grant.
        SELECT d.datdba, g.oid, g.rolname::text, true
        FROM pg_catalog.pg_database d, pg_catalog.pg_roles g
        WHERE d.datname = current_database() AND g.rolname = 'pg_database_owner'
    ) further ON further.member = held.oid
    WHERE NOT further.name = ANY (held.path)
)
SELECT DISTINCT ON (held.oid) held.oid, held.name, held.path, held.inherits,
       r.rolsuper AS superuser, r.rolbypassrls AS bypass
FROM held
JOIN pg_catalog.pg_roles r ON r.oid = held.oid
ORDER BY held.oid, held.inherits DESC, array_length(held.path, 1), held.path
