SELECT 'pg_class' AS parent_class, k.conrelid AS parent_oid, k.oid, k.conname AS name,
       CASE WHEN cardinality(k.conkey) = 1
            THEN ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1])
            ELSE ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u(attnum, n)
                       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY u.n) END AS columns,
       json_build_object('schema', n.nspname, 'name', c.relname) AS "references",
       CASE WHEN cardinality(k.confkey) = 1
            THEN ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attnum = k.confkey[1])
            ELSE ARRAY(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY u(attnum, n)
                       JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum ORDER BY u.n) END AS referenced_columns,
       CASE k.confdeltype WHEN 'c' THEN 'cascade' WHEN 'r' THEN 'restrict' WHEN 'n' THEN 'set-null'
                          WHEN 'd' THEN 'set-default' END AS on_delete,
       {15: CASE WHEN k.confdelsetcols IS NULL THEN '{}'::name[]
            ELSE ARRAY(SELECT a.attname FROM unnest(k.confdelsetcols) WITH ORDINALITY u(attnum, n)
                       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY u.n) END
          | '{}'::name[]} AS on_delete_columns,
       CASE k.confupdtype WHEN 'c' THEN 'cascade' WHEN 'r' THEN 'restrict' WHEN 'n' THEN 'set-null'
                          WHEN 'd' THEN 'set-default' END AS on_update,
       k.confmatchtype = 'f' AS match_full,
       CASE WHEN k.condeferred THEN 'deferred' WHEN k.condeferrable THEN 'immediate' END AS deferrable,
       NOT k.convalidated AS not_valid,
       {18: NOT k.conenforced | false} AS not_enforced,
       {18: k.conperiod | false} AS period
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.confrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid >= 16384
