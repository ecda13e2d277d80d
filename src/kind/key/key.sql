SELECT 'pg_class' AS parent_class, k.conrelid AS parent_oid, k.oid, k.conname AS name,
       CASE WHEN cardinality(k.conkey) = 1
            THEN ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1])
            ELSE ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u(attnum, n)
                       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY u.n) END AS columns,
       CASE WHEN i.indnatts = i.indnkeyatts THEN '{}'::name[]
            ELSE ARRAY(SELECT a.attname FROM generate_series(i.indnkeyatts::int, i.indnatts - 1) n
                       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = i.indkey[n] ORDER BY n) END AS include,
       {15: i.indnullsnotdistinct | false} AS nulls_not_distinct,
       CASE WHEN k.condeferred THEN 'deferred' WHEN k.condeferrable THEN 'immediate' END AS deferrable,
       {18: k.conperiod | false} AS without_overlaps,
       c.reloptions AS "with",
       CASE WHEN c.reltablespace <> 0 THEN (SELECT ts.spcname FROM pg_tablespace ts WHERE ts.oid = c.reltablespace) END AS tablespace
FROM pg_constraint k
JOIN pg_index i ON i.indexrelid = k.conindid
JOIN pg_class c ON c.oid = k.conindid
WHERE k.conrelid >= 16384
