-- Only where pg_inherits holds something.
-- Of partitions and children, as needs.sql has it: the part `part` of the object at a place comes after the object at another
-- place, or after its part `refpart`.
WITH RECURSIVE unseen AS (
    -- Not-null constraints that were not validated, with the tables below: those that are there before have it so too.
    SELECT k.oid, i.inhrelid
    FROM pg_constraint k JOIN pg_inherits i ON i.inhparent = k.conrelid
    WHERE k.contype = 'n' AND NOT k.convalidated AND k.conislocal
    UNION
    SELECT unseen.oid, i.inhrelid FROM unseen JOIN pg_inherits i ON i.inhparent = unseen.inhrelid
),
alone AS (
    -- Indexes of partitioned tables that a partition does without, or has another kind of index for than PostgreSQL makes: made
    -- with ONLY when the partitions are there.
    SELECT x.indexrelid, x.indrelid
    FROM pg_index x
    JOIN pg_class r ON r.oid = x.indrelid AND r.relkind = 'p'
    WHERE EXISTS (
        SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p')
        WHERE i.inhparent = x.indrelid
          AND NOT EXISTS (SELECT FROM pg_inherits a JOIN pg_index own ON own.indexrelid = a.inhrelid
                          WHERE a.inhparent = x.indexrelid AND own.indrelid = i.inhrelid))
       OR EXISTS (
        SELECT FROM pg_inherits a
        JOIN pg_constraint own ON own.conindid = a.inhrelid AND own.contype IN ('p', 'u', 'x')
        LEFT JOIN pg_constraint whole ON whole.conindid = a.inhparent AND whole.contype IN ('p', 'u', 'x')
        WHERE a.inhparent = x.indexrelid AND own.contype IS DISTINCT FROM whole.contype)
    -- What these are attached to would be made with all of them otherwise.
    UNION
    SELECT above.indexrelid, above.indrelid
    FROM alone
    JOIN pg_inherits a ON a.inhrelid = alone.indexrelid
    JOIN pg_index above ON above.indexrelid = a.inhparent
)
-- A partition is attached when both tables have their columns, checks and indexes: then PostgreSQL matches them.
SELECT 'pg_class'::regclass::oid AS classid, i.inhrelid AS oid, 'partition' AS part,
       'pg_class'::regclass::oid AS refclassid, a.attrelid AS refoid, a.attnum::int AS refsub, '' AS refpart
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition AND c.relkind IN ('r', 'p', 'f')
JOIN pg_attribute a ON a.attrelid IN (i.inhrelid, i.inhparent) AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'pg_class'::regclass, i.inhrelid, 'partition', 'pg_class'::regclass, x.indexrelid, 0, ''
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition AND c.relkind IN ('r', 'p', 'f')
JOIN pg_index x ON x.indrelid IN (i.inhrelid, i.inhparent)
WHERE NOT EXISTS (SELECT FROM alone WHERE alone.indexrelid = x.indexrelid
                  AND (alone.indrelid = i.inhparent OR NOT EXISTS (SELECT FROM pg_inherits a WHERE a.inhrelid = x.indexrelid)))
  -- What a partition has beside the copy of an index like it comes when that is there: it would be taken for it.
  AND NOT (x.indrelid = i.inhrelid
           AND NOT EXISTS (SELECT FROM pg_inherits a WHERE a.inhrelid = x.indexrelid)
           AND EXISTS (SELECT FROM pg_index p WHERE p.indrelid = i.inhparent AND p.indnkeyatts = x.indnkeyatts))
  -- What is attached to one of these comes after it.
  AND NOT EXISTS (SELECT FROM alone JOIN pg_inherits a ON a.inhparent = alone.indexrelid WHERE a.inhrelid = x.indexrelid)
UNION ALL
SELECT 'pg_class'::regclass, alone.indexrelid, '', 'pg_class'::regclass, i.inhrelid, 0, 'partition'
FROM alone JOIN pg_inherits i ON i.inhparent = alone.indrelid
-- A foreign key refers to one of these when all that belongs to it is attached: it is valid only then.
UNION ALL
SELECT 'pg_constraint'::regclass, k.oid, '', 'pg_class'::regclass, a.inhrelid, 0, 'index-attach'
FROM pg_constraint k
JOIN pg_index x ON x.indrelid = k.confrelid AND x.indisunique AND x.indimmediate AND x.indpred IS NULL
JOIN pg_class c ON c.oid = x.indexrelid AND c.relkind = 'I'
CROSS JOIN LATERAL pg_partition_tree(x.indexrelid) t
JOIN alone ON alone.indexrelid = t.relid
JOIN pg_inherits a ON a.inhparent = t.relid
WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid >= 16384
UNION ALL
SELECT 'pg_class'::regclass, i.inhrelid, 'partition', 'pg_constraint'::regclass, k.oid, 0, ''
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition AND c.relkind IN ('r', 'p', 'f')
JOIN pg_constraint k ON k.conrelid IN (i.inhrelid, i.inhparent) AND k.contype IN ('c', 'n')
                    AND NOT (k.contype = 'c' AND NOT k.convalidated {18: AND k.conenforced | }
                             AND (k.conrelid = i.inhparent OR NOT k.conislocal))
-- A check of a partitioned table that was not validated comes after the partitions that then have it so too, and after
-- the checks of those that have it validated.
UNION ALL
SELECT 'pg_constraint'::regclass, k.oid, '',
       CASE WHEN copy.convalidated THEN 'pg_constraint'::regclass ELSE 'pg_class'::regclass END,
       CASE WHEN copy.convalidated THEN copy.oid ELSE copy.conrelid END, 0,
       CASE WHEN copy.convalidated THEN '' ELSE 'partition' END
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid AND c.relkind = 'p'
CROSS JOIN LATERAL pg_partition_tree(k.conrelid) t
JOIN pg_constraint copy ON copy.conrelid = t.relid AND copy.contype = 'c' AND copy.conname = k.conname
WHERE k.contype = 'c' AND NOT k.convalidated {18: AND k.conenforced | } AND k.conislocal AND t.relid <> k.conrelid
-- An index is attached after the index that it is attached to, and after the table that it is on.
UNION ALL
SELECT 'pg_class'::regclass, i.inhrelid, 'index-attach', 'pg_class'::regclass, i.inhparent, 0, ''
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('i', 'I') AND c.oid >= 16384
UNION ALL
SELECT 'pg_class'::regclass, i.inhrelid, 'index-attach', 'pg_class'::regclass, x.indrelid, 0, 'partition'
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('i', 'I') AND c.oid >= 16384
JOIN pg_index x ON x.indexrelid = i.inhrelid
UNION ALL
SELECT 'pg_constraint'::regclass, unseen.oid, '', 'pg_class'::regclass, unseen.inhrelid, 0, ''
FROM unseen
JOIN pg_class c ON c.oid = unseen.inhrelid AND NOT c.relispartition AND c.relkind IN ('r', 'f')
-- A child takes its columns as they are when it is made: with their settings and defaults.
UNION ALL
SELECT 'pg_class'::regclass, i.inhrelid, '', 'pg_class'::regclass, a.attrelid, a.attnum::int, ''
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid AND NOT c.relispartition AND c.relkind IN ('r', 'p', 'f')
JOIN pg_attribute a ON a.attrelid = i.inhparent AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'pg_class'::regclass, i.inhrelid, '', 'pg_attrdef'::regclass, d.oid, 0, ''
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid AND NOT c.relispartition AND c.relkind IN ('r', 'p', 'f')
JOIN pg_attrdef d ON d.adrelid = i.inhparent
