SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype::text AS deptype
FROM pg_depend d
WHERE d.deptype <> 'p' AND d.objid >= 16384
  AND (d.refobjid >= 16384
       -- Schema public is older than that, and an extension in it has to go first.
       OR (d.classid = 'pg_extension'::regclass AND d.refclassid = 'pg_namespace'::regclass))
