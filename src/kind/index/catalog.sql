WITH indexes AS MATERIALIZED (
    SELECT i.*
    FROM pg_index i
    JOIN pg_class r ON r.oid = i.indrelid
    WHERE i.indrelid >= 16384 AND r.relkind IN ('r', 'p', 'm')
      AND NOT EXISTS (SELECT FROM pg_constraint x WHERE x.conindid = i.indexrelid AND x.contype IN ('p', 'u', 'x'))
), keys AS MATERIALIZED (
    SELECT i.indexrelid,
           json_agg(json_build_object(
               'column', a.attname,
               'expression', CASE WHEN i.indkey[n] = 0 THEN pg_get_indexdef(i.indexrelid, n + 1, false) END,
               -- Named where it is not what the column's type gives by itself.
               'opclass', CASE WHEN NOT oc.opcdefault OR ka.attoptions IS NOT NULL OR oc.opcintype <> ka.atttypid AND
                       (oc.opcmethod, ka.atttypid) IN (SELECT opcmethod, opcintype FROM pg_opclass WHERE opcdefault) THEN
                   (SELECT json_build_object('schema', ocn.nspname, 'name', oc.opcname)
                    FROM pg_namespace ocn WHERE ocn.oid = oc.opcnamespace) END,
               'opclass_options', ka.attoptions,
               'collation', CASE WHEN i.indcollation[n] <> 0 AND i.indcollation[n] <> coalesce(a.attcollation, 100) THEN
                   (SELECT json_build_object('schema', con.nspname, 'name', co.collname)
                    FROM pg_collation co JOIN pg_namespace con ON con.oid = co.collnamespace
                    WHERE co.oid = i.indcollation[n]) END,
               'descending', i.indoption[n] & 1 = 1,
               'nulls_first', CASE WHEN (i.indoption[n] & 1 = 1) <> (i.indoption[n] & 2 = 2)
                   THEN i.indoption[n] & 2 = 2 END) ORDER BY n) AS keys,
           coalesce(json_agg(json_build_array(n + 1, ka.attstattarget) ORDER BY n)
                    FILTER (WHERE ka.attstattarget >= 0), '[]') AS statistics
    FROM indexes i
    CROSS JOIN LATERAL generate_series(0, i.indnkeyatts - 1) n
    JOIN pg_opclass oc ON oc.oid = i.indclass[n]
    JOIN pg_attribute ka ON ka.attrelid = i.indexrelid AND ka.attnum = n + 1
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n] AND i.indkey[n] <> 0
    GROUP BY i.indexrelid
)
SELECT 'pg_class' AS parent_class, i.indrelid AS parent_oid, c.oid, c.relname AS name,
       am.amname AS method, i.indisunique AS "unique", k.keys,
       CASE WHEN i.indnatts > i.indnkeyatts THEN
           ARRAY(SELECT a.attname FROM generate_series(i.indnkeyatts::int, i.indnatts - 1) n
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n] ORDER BY n)
       ELSE '{}'::name[] END AS include,
       pg_get_expr(i.indpred, i.indrelid) AS predicate,
       {15: i.indnullsnotdistinct | false} AS nulls_not_distinct,
       c.reloptions AS "with",
       (SELECT ts.spcname FROM pg_tablespace ts WHERE ts.oid = c.reltablespace) AS tablespace,
       k.statistics,
       NOT i.indisvalid AND r.relkind <> 'p' AS invalid
FROM indexes i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class r ON r.oid = i.indrelid
JOIN pg_am am ON am.oid = c.relam
JOIN keys k ON k.indexrelid = i.indexrelid
