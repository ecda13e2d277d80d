SELECT 0::oid AS oid, split_part(c.item, '=', 1) AS name, substr(c.item, strpos(c.item, '=') + 1) AS value
FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c(item)
WHERE s.setrole = 0 AND s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
