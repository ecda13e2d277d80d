SELECT o.classid AS parent_classid, o.oid AS parent_oid, 0::oid AS oid, pg_get_userbyid(o.owner) AS role
FROM (
    SELECT 'pg_class'::regclass::oid AS classid, c.oid, c.relowner AS owner FROM pg_class c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
                        AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))
    UNION ALL SELECT 'pg_namespace'::regclass, oid, nspowner FROM pg_namespace WHERE nspname <> 'public'
    UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc
    UNION ALL SELECT 'pg_type'::regclass, oid, typowner FROM pg_type WHERE (typtype IN ('e', 'd', 'r', 'b', 'c') OR NOT typisdefined)
        AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = pg_type.oid)
    UNION ALL SELECT 'pg_operator'::regclass, oid, oprowner FROM pg_operator
    UNION ALL SELECT 'pg_opclass'::regclass, oid, opcowner FROM pg_opclass
    UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfowner FROM pg_opfamily
    UNION ALL SELECT 'pg_collation'::regclass, oid, collowner FROM pg_collation
    UNION ALL SELECT 'pg_conversion'::regclass, oid, conowner FROM pg_conversion
    UNION ALL SELECT 'pg_language'::regclass, oid, lanowner FROM pg_language
    UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictowner FROM pg_ts_dict
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgowner FROM pg_ts_config
    UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, fdwowner FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'pg_foreign_server'::regclass, oid, srvowner FROM pg_foreign_server
    UNION ALL SELECT 'pg_event_trigger'::regclass, oid, evtowner FROM pg_event_trigger
    UNION ALL SELECT 'pg_publication'::regclass, oid, pubowner FROM pg_publication
    UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxowner FROM pg_statistic_ext
    UNION ALL SELECT 'pg_subscription'::regclass, oid, subowner FROM pg_subscription
        WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
) o
-- A member belongs to whoever made its extension, or to the first superuser where that one is trusted to make it.
LEFT JOIN (pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid)
    ON d.classid = o.classid AND d.objid = o.oid AND d.deptype = 'e'
WHERE o.oid >= 16384 AND (e.oid IS NULL OR o.owner NOT IN (e.extowner, 10::oid))
UNION ALL
-- Of schema public, only another owner than the one that initdb gives it.
SELECT 'pg_namespace'::regclass, n.oid, 0::oid, pg_get_userbyid(n.nspowner)
FROM pg_namespace n
WHERE n.nspname = 'public'
  AND n.nspowner <> CASE WHEN current_setting('server_version_num')::int >= 150000
      THEN (SELECT oid FROM pg_roles WHERE rolname = 'pg_database_owner') ELSE 10::oid END
