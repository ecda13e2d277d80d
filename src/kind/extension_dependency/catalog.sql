-- Only where depends-on-extension holds something.
SELECT d.classid AS parent_classid, d.objid AS parent_oid, 0 AS parent_sub, 0::oid AS oid, e.extname AS name
FROM pg_depend d
JOIN pg_extension e ON e.oid = d.refobjid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x' AND d.objsubid = 0
