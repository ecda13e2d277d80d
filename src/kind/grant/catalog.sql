WITH lists AS MATERIALIZED (
    SELECT a.classid, a.oid, a.sub, a.owner,
           coalesce(a.acl, acldefault(a.kind, a.owner)) AS acl,
           CASE WHEN a.classid = 'pg_namespace'::regclass AND a.oid = to_regnamespace('public')
                -- Made anew it has no initial privileges, and of another owner wrong ones: as pg_dump, take what initdb gives.
                THEN ARRAY[makeaclitem(a.owner, a.owner, 'CREATE', false), makeaclitem(a.owner, a.owner, 'USAGE', false),
                           makeaclitem(0, a.owner, 'USAGE', false)]
                     || CASE WHEN current_setting('server_version_num')::int < 150000
                             THEN ARRAY[makeaclitem(0, a.owner, 'CREATE', false)] END
                ELSE coalesce(CASE WHEN a.kind <> 'c' THEN ip.initprivs END, acldefault(a.kind, a.owner))
           END AS usual
    FROM (
        SELECT 'pg_class'::regclass::oid AS classid, oid, 0 AS sub, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS kind,
               relowner AS owner, relacl AS acl
        FROM pg_class WHERE relacl IS NOT NULL AND oid >= 16384
        UNION ALL SELECT 'pg_class'::regclass, attrelid, attnum, 'c', c.relowner, attacl
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE attacl IS NOT NULL AND attrelid >= 16384 AND NOT attisdropped
        UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, 'n', nspowner, nspacl FROM pg_namespace
        WHERE (nspacl IS NOT NULL AND oid >= 16384) OR nspname = 'public'
        UNION ALL SELECT 'pg_proc'::regclass, oid, 0, 'f', proowner, proacl FROM pg_proc p WHERE proacl IS NOT NULL AND oid >= 16384
        -- The constructors of a range type come with it and have no rights that pg_dump would say.
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                        AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i')
        UNION ALL SELECT 'pg_type'::regclass, oid, 0, 'T', typowner, typacl FROM pg_type
        -- A multirange comes with its range, and its rights cannot be set.
        WHERE typacl IS NOT NULL AND oid >= 16384 AND typtype <> 'm'
        UNION ALL SELECT 'pg_language'::regclass, oid, 0, 'l', lanowner, lanacl FROM pg_language WHERE lanacl IS NOT NULL AND oid >= 16384
        UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, 'F', fdwowner, fdwacl FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
        UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 0, 'S', srvowner, srvacl FROM pg_foreign_server WHERE srvacl IS NOT NULL
    ) a
    LEFT JOIN pg_init_privs ip ON ip.classoid = a.classid AND ip.objoid = a.oid AND ip.objsubid = a.sub
), actual AS (
    SELECT l.classid, l.oid, l.sub, l.owner, x.grantor, x.grantee, x.privilege_type, x.is_grantable
    FROM lists l CROSS JOIN aclexplode(l.acl) x
), usual AS (
    SELECT l.classid, l.oid, l.sub, l.owner, x.grantee, x.privilege_type, x.is_grantable
    FROM lists l CROSS JOIN aclexplode(l.usual) x
)
SELECT classid AS parent_classid, oid AS parent_oid, sub AS parent_sub, 0::oid AS oid,
       CASE WHEN grantee = 0 THEN 'public' ELSE pg_get_userbyid(grantee) END AS name,
       -- The sequence of an identity column is a part of the column, whose own privileges have the same words.
       CASE WHEN classid = 'pg_class'::regclass AND EXISTS (
           SELECT FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
           WHERE d.classid = 'pg_class'::regclass AND d.objid = g.oid AND d.deptype = 'i')
       THEN 'SEQUENCE ' ELSE '' END || privilege_type AS signature,
       granted, grantable, grantor
FROM (
    SELECT a.classid, a.oid, a.sub, a.grantee, a.privilege_type, true AS granted, a.is_grantable AS grantable,
           CASE WHEN a.grantor <> a.owner THEN pg_get_userbyid(a.grantor) END AS grantor
    FROM actual a
    WHERE NOT EXISTS (SELECT FROM usual u WHERE (u.classid, u.oid, u.sub, u.grantee, u.privilege_type, u.is_grantable)
                                              = (a.classid, a.oid, a.sub, a.grantee, a.privilege_type, a.is_grantable))
    UNION ALL
    SELECT u.classid, u.oid, u.sub, u.grantee, u.privilege_type, false, false, NULL
    FROM usual u
    WHERE NOT EXISTS (SELECT FROM actual a WHERE (u.classid, u.oid, u.sub, u.grantee, u.privilege_type)
                                               = (a.classid, a.oid, a.sub, a.grantee, a.privilege_type))
) g
