SELECT 'pg_class' AS parent_class, c.oid AS parent_oid, 0::oid AS oid,
       c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced
FROM pg_class c
WHERE (c.relrowsecurity OR c.relforcerowsecurity) AND c.oid >= 16384 AND c.relpersistence <> 't'
