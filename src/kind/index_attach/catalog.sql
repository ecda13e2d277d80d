-- Only where pg_inherits holds something.
SELECT 'pg_class' AS parent_class, c.oid AS parent_oid, 0::oid AS oid,
       json_build_object('schema', pn.nspname, 'name', p.relname) AS parent
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
JOIN pg_class p ON p.oid = i.inhparent
JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('i', 'I') AND c.oid >= 16384
