SELECT 'pg_class' AS parent_class, c.oid AS parent_oid, 0::oid AS oid,
       CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' ELSE 'index' END AS identity,
       ic.relname AS index
FROM pg_class c
LEFT JOIN pg_index i ON c.relreplident = 'i' AND i.indrelid = c.oid AND i.indisreplident
LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND c.relpersistence <> 't'
  AND (c.relreplident IN ('f', 'n') OR ic.oid IS NOT NULL)
