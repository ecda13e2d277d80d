SELECT 'pg_publication' AS parent_class, r.prpubid AS parent_oid, r.oid,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
       json_build_object('schema', n.nspname, 'name', c.relname) AS "table",
       {15: CASE WHEN r.prattrs IS NOT NULL THEN
           ARRAY(SELECT a.attname FROM pg_attribute a
                 WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs) ORDER BY a.attname COLLATE "C") END | NULL::name[]} AS columns,
       {15: pg_get_expr(r.prqual, r.prrelid) | NULL::text} AS "where"
FROM pg_publication_rel r
JOIN pg_class c ON c.oid = r.prrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
