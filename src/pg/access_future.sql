SELECT pg_catalog.pg_get_userbyid(d.defaclrole)::text AS maker, n.nspname::text AS schema_name,
       CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
                            WHEN 'n' THEN 'schemas' ELSE 'large objects' END AS class,
       e.privilege_type::text AS privilege, e.is_grantable AS grantable,
       CASE WHEN e.grantee <> 0 THEN pg_catalog.pg_get_userbyid(e.grantee)::text END AS grantee
FROM pg_catalog.pg_default_acl d
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace, pg_catalog.aclexplode(d.defaclacl) e
WHERE e.grantee <> d.defaclrole AND (e.grantee = 0 OR pg_catalog.pg_get_userbyid(e.grantee) = ANY ($1))
ORDER BY 2 NULLS FIRST, 1, 3, 4, 6
