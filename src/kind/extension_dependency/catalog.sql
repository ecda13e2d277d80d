-- Only where depends-on-extension holds something.
SELECT d.classid AS parent_classid, d.objid AS parent_oid, 0 AS parent_sub, 0::oid AS oid, e.extname AS name
FROM pg_depend d
JOIN pg_extension e ON e.oid = d.refobjid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x' AND d.objsubid = 0
  -- What a partition has of its table's triggers is the table's.
  AND NOT (d.classid = 'pg_trigger'::regclass AND EXISTS (
      SELECT FROM pg_trigger t WHERE t.oid = d.objid AND {13: t.tgparentid <> 0 | false}))
