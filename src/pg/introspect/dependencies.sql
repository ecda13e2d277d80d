-- What goes with an extension without standing on it is tied to it by an object of its own. Left out is what says nothing: that something is in a schema, and that a row is the inner part of what it is an alias
-- of (aliases.sql): internal triggers, indexes of constraints, row and array types, sequences of identity columns, TOAST
-- tables, rules of views, and a default's own column.
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype::text AS deptype
FROM pg_depend d
WHERE d.deptype NOT IN ('p', 'x')
  -- plpgsql is older than what users make, and its members are its own all the same.
  AND (d.objid >= 16384 OR d.deptype = 'e')
  AND CASE d.refclassid
      -- Schema public is older than what users make, and an extension in it has to go first.
      WHEN 'pg_namespace'::regclass THEN d.classid = 'pg_extension'::regclass
      WHEN 'pg_extension'::regclass THEN d.refobjid >= 16384 OR d.deptype = 'e'
      ELSE d.refobjid >= 16384 END
  AND NOT (d.deptype = 'a' AND d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass)
  AND NOT (d.deptype = 'i' AND (d.classid = 'pg_trigger'::regclass AND d.refclassid = 'pg_constraint'::regclass
                             OR d.classid = 'pg_class'::regclass AND d.refclassid IN ('pg_constraint'::regclass, 'pg_class'::regclass)
                             OR d.classid = 'pg_type'::regclass AND d.refclassid IN ('pg_type'::regclass, 'pg_class'::regclass)
                             OR d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass))
  -- The copies that partitions get of a trigger or a foreign key stand on the partition; what they are an alias of does not.
  AND (d.classid, d.objid, d.refclassid, d.refobjid) NOT IN (
      SELECT 'pg_trigger'::regclass::oid, t.oid, 'pg_class'::regclass::oid, t.tgrelid FROM pg_trigger t WHERE t.tgparentid <> 0
      UNION ALL
      SELECT 'pg_constraint'::regclass, k.oid, 'pg_class'::regclass, k.conrelid FROM pg_constraint k WHERE k.contype = 'f' AND k.conparentid <> 0)
