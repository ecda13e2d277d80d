WITH lists AS MATERIALIZED (
    SELECT a.classid, a.oid, a.sub, a.owner,
           coalesce(a.acl, acldefault(a.kind, a.owner)) AS acl,
           CASE WHEN a.classid = 'pg_namespace'::regclass AND a.oid = to_regnamespace('public')
                -- Made anew it has no initial privileges, and of another owner wrong ones: as pg_dump, take what initdb gives.
                THEN ARRAY[makeaclitem(a.owner, a.owner, 'CREATE', false), makeaclitem(a.owner, a.owner, 'USAGE', false),
                           makeaclitem(0, a.owner, 'USAGE', false)]
                     || CASE WHEN current_setting('server_version_num')::int < 150000
                             THEN ARRAY[makeaclitem(0, a.owner, 'CREATE', false)] END
                ELSE coalesce(ip.initprivs, acldefault(a.kind, a.owner))
           END AS usual
    FROM (
        SELECT 'pg_class'::regclass::oid AS classid, oid, 0 AS sub, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS kind,
               relowner AS owner, relacl AS acl
        FROM pg_class WHERE relacl IS NOT NULL AND relnamespace IS DISTINCT FROM to_regnamespace('information_schema')
        UNION ALL SELECT 'pg_class'::regclass, attrelid, attnum, 'c', c.relowner, attacl
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE attacl IS NOT NULL AND NOT attisdropped
        AND c.relnamespace IS DISTINCT FROM to_regnamespace('information_schema')
        UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, 'n', nspowner, nspacl FROM pg_namespace
        WHERE (nspacl IS NOT NULL OR nspname = 'public') AND nspname <> 'information_schema'
        UNION ALL SELECT 'pg_proc'::regclass, oid, 0, 'f', proowner, proacl FROM pg_proc p
        WHERE proacl IS NOT NULL AND pronamespace IS DISTINCT FROM to_regnamespace('information_schema')
        -- The constructors of a range type come with it and have no rights that pg_dump would say.
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                        AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i')
        UNION ALL SELECT 'pg_type'::regclass, oid, 0, 'T', typowner, typacl FROM pg_type
        -- A multirange comes with its range, and its rights cannot be set.
        WHERE typacl IS NOT NULL AND typtype <> 'm' AND typnamespace IS DISTINCT FROM to_regnamespace('information_schema')
        UNION ALL SELECT 'pg_language'::regclass, oid, 0, 'l', lanowner, lanacl FROM pg_language WHERE lanacl IS NOT NULL
        UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, 'F', fdwowner, fdwacl FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
        UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 0, 'S', srvowner, srvacl FROM pg_foreign_server WHERE srvacl IS NOT NULL
    ) a
    LEFT JOIN pg_init_privs ip ON ip.classoid = a.classid AND ip.objoid = a.oid AND ip.objsubid = a.sub
    -- Of PostgreSQL's own objects, those alone whose rights somebody changed; what initdb gives in information_schema is
    -- written down nowhere, and pg_dump says nothing of it.
    WHERE a.oid >= 16384 OR a.oid = to_regnamespace('public') OR a.acl IS DISTINCT FROM coalesce(ip.initprivs, acldefault(a.kind, a.owner))
), actual AS (
    SELECT l.classid, l.oid, l.sub, l.owner, x.grantor, x.grantee, x.privilege_type, x.is_grantable, x.position
    FROM lists l CROSS JOIN aclexplode(l.acl) WITH ORDINALITY x (grantor, grantee, privilege_type, is_grantable, position)
), usual AS (
    -- Initial rights are given by whoever owned the object then: what that one had, the owner has.
    SELECT l.classid, l.oid, l.sub, l.owner, CASE WHEN x.grantee = x.grantor THEN l.owner ELSE x.grantee END AS grantee,
           x.privilege_type, x.is_grantable
    FROM lists l CROSS JOIN aclexplode(l.usual) x
)
SELECT classid AS parent_classid, g.oid AS parent_oid, sub AS parent_sub, 0::oid AS oid,
       CASE WHEN grantee = 0 THEN 'public' ELSE pg_get_userbyid(grantee) END AS name,
       -- The sequence of an identity column is a part of the column, whose own privileges have the same words.
       CASE WHEN classid = 'pg_class'::regclass AND EXISTS (
           SELECT FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
           WHERE d.classid = 'pg_class'::regclass AND d.objid = g.oid AND d.deptype = 'i')
       THEN 'SEQUENCE ' ELSE '' END || privilege_type || coalesce(' BY ' || grantor, '') AS signature,
       position::int AS position, granted, grantable, grantor,
       own.kind AS own_kind, own.schema AS own_schema, own.name AS own_name, own.signature AS own_signature, own.part AS own_part
FROM (
    SELECT a.classid, a.oid, a.sub, a.grantee, a.privilege_type, a.position, true AS granted, a.is_grantable AS grantable,
           CASE WHEN a.grantor <> a.owner THEN pg_get_userbyid(a.grantor) END AS grantor
    FROM actual a
    -- What another gives is never what an object is born with.
    WHERE a.grantor <> a.owner OR NOT EXISTS (SELECT FROM usual u WHERE (u.classid, u.oid, u.sub, u.grantee, u.privilege_type, u.is_grantable)
                                              = (a.classid, a.oid, a.sub, a.grantee, a.privilege_type, a.is_grantable))
    UNION ALL
    SELECT u.classid, u.oid, u.sub, u.grantee, u.privilege_type, NULL, false, false, NULL
    FROM usual u
    WHERE NOT EXISTS (SELECT FROM actual a WHERE (u.classid, u.oid, u.sub, u.grantee, u.privilege_type)
                                               = (a.classid, a.oid, a.sub, a.grantee, a.privilege_type)
                      AND a.grantor = a.owner)
) g
-- What is PostgreSQL's own is no object of the catalog: what it is called stands here.
LEFT JOIN LATERAL (
    SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' WHEN 'f' THEN 'foreign-table'
                          WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
           n.nspname AS schema, c.relname AS name, '' AS signature,
           (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = g.sub AND g.sub <> 0) AS part
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE g.classid = 'pg_class'::regclass AND c.oid = g.oid
    UNION ALL
    SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END,
           n.nspname, p.proname, oidvectortypes(p.proargtypes), NULL
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE g.classid = 'pg_proc'::regclass AND p.oid = g.oid
    UNION ALL
    SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range' ELSE 'base-type' END,
           n.nspname, t.typname, '', NULL
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE g.classid = 'pg_type'::regclass AND t.oid = g.oid
    UNION ALL
    SELECT 'language', NULL, l.lanname, '', NULL FROM pg_language l WHERE g.classid = 'pg_language'::regclass AND l.oid = g.oid
    UNION ALL
    SELECT 'schema', NULL, n.nspname, '', NULL FROM pg_namespace n WHERE g.classid = 'pg_namespace'::regclass AND n.oid = g.oid
) own ON g.oid < 16384
