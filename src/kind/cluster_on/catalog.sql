SELECT 'pg_class' AS parent_class, i.indrelid AS parent_oid, 0::oid AS oid, c.relname AS index
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indisclustered AND i.indrelid >= 16384
