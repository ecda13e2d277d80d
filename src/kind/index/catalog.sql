WITH indexes AS MATERIALIZED (
    SELECT i.*
    FROM pg_index i
    JOIN pg_class r ON r.oid = i.indrelid
    WHERE i.indrelid >= 16384 AND r.relkind IN ('r', 'p', 'm')
      AND NOT EXISTS (SELECT FROM pg_constraint x WHERE x.conindid = i.indexrelid AND x.contype IN ('p', 'u', 'x'))
), positions AS MATERIALIZED (
    SELECT i.indexrelid, ka.attnum::int AS position, ka.attoptions, ka.attstattarget, a.attname, i.indkey[ka.attnum - 1] = 0 AS expression,
           -- What some methods store is of another type than what they index.
           CASE WHEN NOT oc.opcdefault OR ka.attoptions IS NOT NULL OR oc.opcintype <> t.typ AND
                       (oc.opcmethod, t.typ) IN (SELECT opcmethod, opcintype FROM pg_opclass WHERE opcdefault) THEN
                   (SELECT json_build_object('schema', ocn.nspname, 'name', oc.opcname)
                    FROM pg_namespace ocn WHERE ocn.oid = oc.opcnamespace) END AS opclass,
           i.indcollation[ka.attnum - 1] AS collation, coalesce(a.attcollation, 100) AS own_collation,
           i.indoption[ka.attnum - 1] & 1 = 1 AS descending, i.indoption[ka.attnum - 1] & 2 = 2 AS nulls_first
    FROM indexes i
    CROSS JOIN LATERAL (SELECT k.* FROM pg_attribute k WHERE k.attrelid = i.indexrelid AND k.attnum <= i.indnkeyatts OFFSET 0) ka
    JOIN pg_opclass oc ON oc.oid = i.indclass[ka.attnum - 1]
    LEFT JOIN LATERAL (
        SELECT c.attname, c.attcollation, c.atttypid FROM pg_attribute c
        WHERE c.attrelid = i.indrelid AND c.attnum = i.indkey[ka.attnum - 1] LIMIT 1
    ) a ON i.indkey[ka.attnum - 1] <> 0
    CROSS JOIN LATERAL (
        SELECT coalesce(a.atttypid, CASE WHEN oc.opckeytype = 0 THEN ka.atttypid END) AS typ
    ) t
), keys AS MATERIALIZED (
    SELECT k.indexrelid,
           json_agg(json_build_object(
               'column', k.attname,
               'expression', CASE WHEN k.expression THEN pg_get_indexdef(k.indexrelid, k.position, false) END,
               'opclass', k.opclass,
               'opclass_options', k.attoptions,
               'collation', CASE WHEN k.collation <> 0 AND k.collation <> k.own_collation THEN
                   (SELECT json_build_object('schema', con.nspname, 'name', co.collname)
                    FROM pg_collation co JOIN pg_namespace con ON con.oid = co.collnamespace
                    WHERE co.oid = k.collation) END,
               'descending', k.descending,
               'nulls_first', CASE WHEN k.descending <> k.nulls_first THEN k.nulls_first END) ORDER BY k.position) AS keys,
           CASE WHEN max(k.attstattarget) >= 0 THEN json_agg(json_build_array(k.position, k.attstattarget) ORDER BY k.position)
                    FILTER (WHERE k.attstattarget >= 0) ELSE '[]' END AS statistics
    FROM positions k
    GROUP BY k.indexrelid
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
       CASE WHEN c.reltablespace <> 0 THEN (SELECT ts.spcname FROM pg_tablespace ts WHERE ts.oid = c.reltablespace) END AS tablespace,
       k.statistics,
       NOT i.indisvalid AND r.relkind <> 'p' AS invalid
FROM indexes i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class r ON r.oid = i.indrelid
JOIN pg_am am ON am.oid = c.relam
JOIN keys k ON k.indexrelid = i.indexrelid
