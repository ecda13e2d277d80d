SELECT c.oid, c.opcnamespace AS schema, c.opcname AS name, am.amname AS signature,
       format_type(c.opcintype, NULL) AS data_type, c.opcdefault AS is_default,
       (SELECT json_build_object('schema', n.nspname, 'name', f.opfname)
        FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace WHERE f.oid = c.opcfamily) AS family,
       CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END AS storage,
       (SELECT coalesce(json_agg(i.item ORDER BY i.class, i.number, i.l COLLATE "C", i.r COLLATE "C"), '[]') FROM (
           SELECT 1 AS class, m.amopstrategy AS number, format_type(m.amoplefttype, NULL) AS l,
                  format_type(m.amoprighttype, NULL) AS r, json_build_object(
               'function', false, 'number', m.amopstrategy,
           'left', format_type(m.amoplefttype, NULL), 'right', format_type(m.amoprighttype, NULL),
           'text', (SELECT CASE n.nspname WHEN 'pg_catalog' THEN o.oprname::text ELSE quote_ident(n.nspname) || '.' || o.oprname END FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = m.amopopr),
           'order_by', (SELECT json_build_object('schema', n.nspname, 'name', s.opfname)
                        FROM pg_opfamily s JOIN pg_namespace n ON n.oid = s.opfnamespace WHERE s.oid = m.amopsortfamily)) AS item
           FROM pg_amop m JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = m.oid
               AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
           UNION ALL
           SELECT 2, m.amprocnum, format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL), json_build_object(
               'function', true, 'number', m.amprocnum,
           'left', format_type(m.amproclefttype, NULL), 'right', format_type(m.amprocrighttype, NULL),
           'text', m.amproc::oid::regprocedure::text)
           FROM pg_amproc m JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = m.oid
               AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid) i) AS members
FROM pg_opclass c JOIN pg_am am ON am.oid = c.opcmethod
WHERE c.oid >= 16384
