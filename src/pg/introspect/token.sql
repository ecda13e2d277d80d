-- What every change of the schema changes: how many rows each catalog has, and who wrote them last. An xid has no cheap
-- cast to a number: it is counted from the constant one by age; that of a frozen row is always the greatest.
SELECT md5(string_agg(t.class || ':' || t.rows || ':' || t.writers, ',' ORDER BY t.class)) AS token FROM (
    SELECT r.class, count(*) AS rows,
           sum(CASE WHEN r.age = 2147483647 THEN 0 ELSE r.age::bigint - age('100'::xid) END) AS writers
    FROM (
        SELECT 1 AS class, age(xmin) AS age FROM pg_class WHERE oid >= 16384
        UNION ALL SELECT 2, age(xmin) FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0
        UNION ALL SELECT 3, age(xmin) FROM pg_constraint WHERE oid >= 16384
        UNION ALL SELECT 4, age(xmin) FROM pg_attrdef
        UNION ALL SELECT 5, age(xmin) FROM pg_rewrite WHERE oid >= 16384
        UNION ALL SELECT 6, age(xmin) FROM pg_trigger
        UNION ALL SELECT 7, age(xmin) FROM pg_policy
        UNION ALL SELECT 8, age(xmin) FROM pg_proc WHERE oid >= 16384
        UNION ALL SELECT 9, age(xmin) FROM pg_type WHERE oid >= 16384
        UNION ALL SELECT 10, age(xmin) FROM pg_index WHERE indexrelid >= 16384
        UNION ALL SELECT 11, age(xmin) FROM pg_namespace
    ) r
    GROUP BY r.class
) t
