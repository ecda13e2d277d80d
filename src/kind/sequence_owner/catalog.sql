SELECT d.objid AS parent_oid, 'pg_class' AS parent_class, 0::oid AS oid,
       json_build_object('schema', n.nspname, 'name', t.relname) AS "table",
       a.attname AS "column"
FROM pg_depend d
JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' AND s.relpersistence <> 't'
JOIN pg_class t ON t.oid = d.refobjid
JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
  AND d.objsubid = 0 AND d.refobjsubid > 0 AND d.deptype = 'a' AND d.objid >= 16384
