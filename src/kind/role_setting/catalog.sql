SELECT 'pg_authid' AS parent_class, s.setrole AS parent_oid, 0::oid AS oid,
       split_part(c.item, '=', 1) AS name, substr(c.item, strpos(c.item, '=') + 1) AS value
FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c(item)
WHERE s.setrole >= 16384 AND s.setdatabase = 0
