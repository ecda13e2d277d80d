-- What pg_depend does not say, because PostgreSQL does not need it: the part `part` of the object at a place comes after
-- the object at another place, or after its part `refpart`.
-- An index over the whole row holds the values of all columns.
SELECT 'pg_class'::regclass::oid AS classid, x.indexrelid AS oid, '' AS part,
       'pg_class'::regclass::oid AS refclassid, a.attrelid AS refoid, a.attnum::int AS refsub, '' AS refpart
FROM pg_index x
JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum > 0 AND NOT a.attisdropped
WHERE x.indrelid >= 16384 AND concat(x.indexprs::text, x.indpred::text) LIKE '%:varattno 0 %'
-- The table remembers an index.
UNION ALL
SELECT 'pg_class'::regclass, i.indrelid, 'cluster-on', 'pg_class'::regclass, i.indexrelid, 0, ''
FROM pg_index i WHERE i.indisclustered AND i.indrelid >= 16384
UNION ALL
SELECT 'pg_class'::regclass, i.indrelid, 'replica-identity', 'pg_class'::regclass, i.indexrelid, 0, ''
FROM pg_index i WHERE i.indisreplident AND i.indrelid >= 16384
-- A policy names roles, which belong to the cluster.
UNION ALL
SELECT d.classid, d.objid, '', d.refclassid, d.refobjid, 0, ''
FROM pg_shdepend d
WHERE d.classid = 'pg_policy'::regclass AND d.refclassid = 'pg_authid'::regclass
  AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
-- A foreign key leans on one of the unique indexes over the columns that it refers to: on which one depends on what was
-- there when it was made, so none of them goes under it.
UNION ALL
SELECT 'pg_constraint'::regclass, k.oid, '', 'pg_class'::regclass, x.indexrelid, 0, ''
FROM pg_constraint k
JOIN pg_index x ON x.indrelid = k.confrelid AND x.indisunique AND x.indimmediate AND x.indpred IS NULL
               AND x.indnkeyatts = cardinality(k.confkey) AND k.confkey <@ (x.indkey::int2[])[0:x.indnkeyatts - 1]
WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid >= 16384
