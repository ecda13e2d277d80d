SELECT t.oid, t.typnamespace AS schema, t.typname AS name,
       ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS values,
       ARRAY(SELECT e.oid::int FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS part_numbers,
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS part_names
FROM pg_type t
WHERE t.typtype = 'e' AND t.oid >= 16384
