SELECT 'pg_class' AS parent_class, a.attrelid AS parent_oid, a.attrelid AS oid, a.attnum::int AS sub, a.attname AS name,
       a.attnum::int AS position,
       format_type(a.atttypid, a.atttypmod) AS data_type,
       a.attnotnull AS not_null,
       CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN
           (SELECT json_build_object('schema', cn.nspname, 'name', co.collname)
            FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation)
       END AS collation,
       CASE WHEN a.attgenerated <> '' THEN
           json_build_object('expression', pg_get_expr(ad.adbin, ad.adrelid), 'virtual', a.attgenerated = 'v')
       END AS generated,
       CASE WHEN a.attidentity <> '' THEN
           (SELECT json_build_object('always', a.attidentity = 'a', 'name', sc.relname, 'schema', sn.nspname, 'sequence',
                       json_build_object('data_type', format_type(s.seqtypid, NULL), 'start', s.seqstart,
                           'increment', s.seqincrement, 'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache,
                           'cycle', s.seqcycle, 'unlogged', sc.relpersistence <> c.relpersistence))
            FROM pg_depend d
            JOIN pg_class sc ON sc.oid = d.objid AND sc.relkind = 'S'
            JOIN pg_namespace sn ON sn.oid = sc.relnamespace
            JOIN pg_sequence s ON s.seqrelid = sc.oid
            WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
              AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype = 'i')
       END AS identity,
       CASE WHEN a.attstorage <> t.typstorage THEN
           CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END
       END AS storage,
       {14: CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END | NULL::text} AS compression,
       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::int END AS statistics_target,
       -- What PostgreSQL keeps for itself among them since the minor releases of November 2026 is no option.
       CASE WHEN cardinality(a.attoptions) > 1 OR a.attoptions[1] NOT LIKE 'pg\_attver=%' THEN
           nullif(ARRAY(SELECT o FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg\_attver=%'), '{}')
       END AS options,
       CASE WHEN a.attfdwoptions IS NOT NULL THEN {options of a.attfdwoptions} END AS foreign_options,
       CASE WHEN a.attfdwoptions IS NOT NULL THEN {secrets of a.attfdwoptions} END AS foreign_secrets,
       NOT a.attislocal AS inherited
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum AND a.attgenerated <> ''
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= 16384
  AND a.attnum > 0 AND NOT a.attisdropped
