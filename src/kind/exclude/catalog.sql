-- Only where exclusion constraints are there.
SELECT 'pg_class' AS parent_class, x.conrelid AS parent_oid, x.oid, x.conname AS name,
       am.amname AS method, k.elements,
       ARRAY(SELECT a.attname FROM generate_series(i.indnkeyatts::int, i.indnatts - 1) n
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n] ORDER BY n) AS include,
       pg_get_expr(i.indpred, i.indrelid) AS predicate,
       CASE WHEN x.condeferred THEN 'deferred' WHEN x.condeferrable THEN 'immediate' END AS deferrable,
       c.reloptions AS "with",
       (SELECT ts.spcname FROM pg_tablespace ts WHERE ts.oid = c.reltablespace) AS tablespace
FROM pg_constraint x
JOIN pg_index i ON i.indexrelid = x.conindid
JOIN pg_class c ON c.oid = x.conindid
JOIN pg_am am ON am.oid = c.relam
CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object(
               'key', json_build_object(
                   'column', a.attname,
                   'expression', CASE WHEN i.indkey[n] = 0 THEN pg_get_indexdef(i.indexrelid, n + 1, false) END,
                   'opclass', CASE WHEN NOT oc.opcdefault OR ka.attoptions IS NOT NULL THEN
                       (SELECT json_build_object('schema', ocn.nspname, 'name', oc.opcname)
                        FROM pg_namespace ocn WHERE ocn.oid = oc.opcnamespace) END,
                   'opclass_options', ka.attoptions,
                   'collation', CASE WHEN i.indcollation[n] <> 0 AND i.indcollation[n] <> coalesce(a.attcollation, 100) THEN
                       (SELECT json_build_object('schema', con.nspname, 'name', co.collname)
                        FROM pg_collation co JOIN pg_namespace con ON con.oid = co.collnamespace
                        WHERE co.oid = i.indcollation[n]) END,
                   'descending', i.indoption[n] & 1 = 1,
                   'nulls_first', CASE WHEN (i.indoption[n] & 1 = 1) <> (i.indoption[n] & 2 = 2)
                       THEN i.indoption[n] & 2 = 2 END),
               'operator', (SELECT json_build_object('schema', opn.nspname, 'name', op.oprname)
                            FROM pg_operator op JOIN pg_namespace opn ON opn.oid = op.oprnamespace
                            WHERE op.oid = x.conexclop[n + 1])) ORDER BY n) AS elements
    FROM generate_series(0, i.indnkeyatts - 1) n
    JOIN pg_opclass oc ON oc.oid = i.indclass[n]
    JOIN pg_attribute ka ON ka.attrelid = i.indexrelid AND ka.attnum = n + 1
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n] AND i.indkey[n] <> 0
) k
WHERE x.contype = 'x' AND x.conrelid >= 16384
