SELECT a.attrelid AS oid, a.attnum::int AS sub, a.attname AS name
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE (c.relkind IN ('v', 'm', 'c')
       -- The columns of a member of an extension are no objects either.
       OR c.relkind IN ('r', 'p', 'f') AND EXISTS (
           SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
  AND c.oid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
  AND (a.attacl IS NOT NULL OR a.atthasdef OR EXISTS (
      SELECT FROM pg_description d WHERE d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum))
