-- Catalog rows that are no objects of their own: dependencies on them are dependencies on what they are a part of.
-- The row types of relations.
SELECT 'pg_type'::regclass::oid AS classid, t.oid, 'pg_class'::regclass::oid AS refclassid, t.typrelid AS refoid, 0 AS refsub
FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE t.typtype = 'c' AND c.relkind <> 'c' AND t.oid >= 16384
-- The relations of composite types.
UNION ALL SELECT 'pg_class'::regclass, c.oid, 'pg_type'::regclass, c.reltype, 0
FROM pg_class c WHERE c.relkind = 'c' AND c.oid >= 16384
-- Array types.
UNION ALL SELECT 'pg_type'::regclass, e.typarray, 'pg_type'::regclass, e.oid, 0
FROM pg_type e WHERE e.typarray <> 0 AND e.oid >= 16384
-- Multirange types.
{14: UNION ALL SELECT 'pg_type'::regclass, r.rngmultitypid, 'pg_type'::regclass, r.rngtypid, 0
FROM pg_range r WHERE r.rngmultitypid >= 16384 | }
-- The rule that makes a view a view.
UNION ALL SELECT 'pg_rewrite'::regclass, w.oid, 'pg_class'::regclass, w.ev_class, 0
FROM pg_rewrite w WHERE w.rulename = '_RETURN' AND w.oid >= 16384
-- The index of a constraint.
UNION ALL SELECT 'pg_class'::regclass, k.conindid, 'pg_constraint'::regclass, k.oid, 0
FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x') AND k.conindid >= 16384
-- The sequence of an identity column.
UNION ALL SELECT 'pg_class'::regclass, d.objid, 'pg_class'::regclass, d.refobjid, d.refobjsubid
FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i' AND d.objid >= 16384
-- The expression of a generated column.
UNION ALL SELECT 'pg_attrdef'::regclass, ad.oid, 'pg_class'::regclass, ad.adrelid, ad.adnum
FROM pg_attrdef ad JOIN pg_attribute a ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum
WHERE a.attgenerated <> '' AND ad.oid >= 16384
-- The triggers of foreign keys and of deferrable keys, and the copies that partitions get.
UNION ALL SELECT 'pg_trigger'::regclass, t.oid, 'pg_constraint'::regclass, t.tgconstraint, 0
FROM pg_trigger t WHERE t.tgisinternal AND t.tgconstraint <> 0 AND t.oid >= 16384
UNION ALL SELECT 'pg_trigger'::regclass, t.oid, 'pg_trigger'::regclass, t.tgparentid, 0
FROM pg_trigger t WHERE t.tgparentid <> 0 AND t.oid >= 16384
UNION ALL SELECT 'pg_constraint'::regclass, k.oid, 'pg_constraint'::regclass, k.conparentid, 0
FROM pg_constraint k WHERE k.conparentid <> 0 AND k.contype = 'f' AND k.oid >= 16384
-- The constraint that is another face of a constraint trigger.
UNION ALL SELECT 'pg_constraint'::regclass, t.tgconstraint, 'pg_trigger'::regclass, t.oid, 0
FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint AND k.contype = 't'
WHERE NOT t.tgisinternal AND t.oid >= 16384
-- The operators and functions of an operator class or family.
UNION ALL SELECT d.classid, d.objid, d.refclassid, d.refobjid, 0
FROM pg_depend d
WHERE d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
  AND d.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
  AND d.deptype IN ('i', 'a') AND d.objid >= 16384
-- The functions and casts that come with a range type.
UNION ALL SELECT d.classid, d.objid, d.refclassid, d.refobjid, 0
FROM pg_depend d
WHERE d.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass) AND d.refclassid = 'pg_type'::regclass
  AND d.deptype = 'i' AND d.objid >= 16384
