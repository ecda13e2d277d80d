WITH objects AS (
    SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' WHEN 'f' THEN 'foreign-table'
                          WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
           n.oid AS schema, n.nspname::text AS schema_name, c.relname::text AS name, NULL::text AS part, c.relowner AS owner,
           CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS class, c.relacl AS acl
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' WHEN 'f' THEN 'foreign-table'
                          ELSE 'table' END,
           n.oid, n.nspname, c.relname, a.attname, NULL, 'c', a.attacl
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
    UNION ALL
    SELECT 'schema', n.oid, n.nspname, NULL, NULL, n.nspowner, 'n', n.nspacl
    FROM pg_catalog.pg_namespace n
    UNION ALL
    SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
           n.oid, n.nspname, p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')', NULL,
           p.proowner, 'f', p.proacl
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    UNION ALL
    SELECT 'type', n.oid, n.nspname, t.typname, NULL, t.typowner, 'T', t.typacl
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE t.typcategory <> 'A' AND (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
    UNION ALL
    SELECT 'database', NULL, NULL, d.datname, NULL, d.datdba, 'd', d.datacl
    FROM pg_catalog.pg_database d
    WHERE d.datname = current_database()
    UNION ALL
    SELECT 'foreign-data-wrapper', NULL, NULL, w.fdwname, NULL, w.fdwowner, 'F', w.fdwacl
    FROM pg_catalog.pg_foreign_data_wrapper w
    UNION ALL
    SELECT 'server', NULL, NULL, s.srvname, NULL, s.srvowner, 'S', s.srvacl
    FROM pg_catalog.pg_foreign_server s
), known AS (
    SELECT o.*, coalesce(o.acl, pg_catalog.acldefault(o.class, o.owner)) AS rights
    FROM objects o
    WHERE o.schema_name IS NULL
       OR (o.schema_name !~ '^pg_(toast|temp)' AND ($3 OR o.schema_name NOT IN ('pg_catalog', 'information_schema')))
), given AS (
    -- What a right was given to: the role itself, what it inherits from, or everybody.
    SELECT k.*, e.privilege_type::text AS privilege, e.is_grantable AS grantable,
           pg_catalog.pg_get_userbyid(e.grantor)::text AS grantor,
           CASE WHEN e.grantee = 0 THEN 'public' WHEN e.grantee = k.owner THEN 'owner' ELSE 'grant' END AS source,
           CASE WHEN e.grantee <> 0 THEN pg_catalog.pg_get_userbyid(e.grantee)::text END AS grantee,
           EXISTS (
               SELECT FROM pg_catalog.pg_default_acl d, pg_catalog.aclexplode(d.defaclacl) f
               WHERE e.grantee <> k.owner AND d.defaclrole = k.owner AND d.defaclnamespace IN (0, k.schema)
                 AND d.defaclobjtype::text = CASE k.class::text WHEN 's' THEN 'S' WHEN 'S' THEN '' ELSE k.class::text END AND f.grantee = e.grantee AND f.privilege_type = e.privilege_type
           ) AS by_default
    FROM known k, pg_catalog.aclexplode(k.rights) e
    WHERE e.grantee = 0 OR pg_catalog.pg_get_userbyid(e.grantee) = ANY ($1)
    UNION ALL
    -- All rights of a kind, which a superuser has.
    SELECT k.*, e.privilege_type, true, NULL, 'superuser', NULL, false
    FROM known k, pg_catalog.aclexplode(pg_catalog.acldefault(k.class, k.owner)) e
    WHERE $2 AND e.grantee = k.owner AND k.class <> 'c'
    UNION ALL
    -- What PostgreSQL's own roles bring is in no list of an object.
    SELECT k.*, p.privilege, false, NULL, 'predefined', p.role, false
    FROM known k
    JOIN (VALUES ('pg_read_all_data', 'r', 'SELECT'), ('pg_read_all_data', 's', 'SELECT'), ('pg_read_all_data', 'n', 'USAGE'),
                 ('pg_write_all_data', 'r', 'INSERT'), ('pg_write_all_data', 'r', 'UPDATE'), ('pg_write_all_data', 'r', 'DELETE'),
                 ('pg_write_all_data', 's', 'UPDATE'), ('pg_write_all_data', 'n', 'USAGE'), ('pg_maintain', 'r', 'MAINTAIN'))
         AS p (role, class, privilege) ON p.class = k.class::text
    WHERE p.role = ANY ($1)
)
SELECT g.kind, g.schema_name, g.name, g.part, g.privilege, g.grantable, g.grantor, g.source, g.grantee, g.by_default,
       pg_catalog.pg_get_userbyid(g.owner)::text AS owner
FROM given g
ORDER BY g.schema_name NULLS FIRST, g.kind <> 'schema', g.kind, g.name, g.part NULLS FIRST, g.privilege, g.source, g.grantee
