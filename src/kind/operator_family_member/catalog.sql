-- Only where pg_amop holds something.
SELECT 'pg_opfamily' AS parent_class, m.amopfamily AS parent_oid, 'pg_amop' AS class, m.oid,
       format('operator %s (%s, %s)', m.amopstrategy, format_type(m.amoplefttype, NULL), format_type(m.amoprighttype, NULL)) AS name,
       json_build_object(
           'function', false, 'number', m.amopstrategy,
           'left', format_type(m.amoplefttype, NULL), 'right', format_type(m.amoprighttype, NULL),
           'text', (SELECT CASE n.nspname WHEN 'pg_catalog' THEN o.oprname::text ELSE quote_ident(n.nspname) || '.' || o.oprname END FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = m.amopopr),
           'order_by', (SELECT json_build_object('schema', n.nspname, 'name', s.opfname)
                        FROM pg_opfamily s JOIN pg_namespace n ON n.oid = s.opfnamespace WHERE s.oid = m.amopsortfamily)) AS member
FROM pg_amop m JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = m.oid
    AND d.refclassid = 'pg_opfamily'::regclass AND d.refobjid = m.amopfamily
WHERE m.oid >= 16384
UNION ALL
SELECT 'pg_opfamily', m.amprocfamily, 'pg_amproc', m.oid,
       format('function %s (%s, %s)', m.amprocnum, format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL)),
       json_build_object(
           'function', true, 'number', m.amprocnum,
           'left', format_type(m.amproclefttype, NULL), 'right', format_type(m.amprocrighttype, NULL),
           'text', m.amproc::oid::regprocedure::text)
FROM pg_amproc m JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = m.oid
    AND d.refclassid = 'pg_opfamily'::regclass AND d.refobjid = m.amprocfamily
WHERE m.oid >= 16384
