SELECT 'pg_class' AS parent_class, t.tgrelid AS parent_oid, t.oid, t.tgname AS name,
       CASE WHEN t.tgtype & 2 = 2 THEN 'before' WHEN t.tgtype & 64 = 64 THEN 'instead-of' ELSE 'after' END AS timing,
       array_remove(ARRAY[CASE WHEN t.tgtype & 4 = 4 THEN 'insert' END, CASE WHEN t.tgtype & 8 = 8 THEN 'delete' END,
                          CASE WHEN t.tgtype & 16 = 16 THEN 'update' END, CASE WHEN t.tgtype & 32 = 32 THEN 'truncate' END], NULL) AS events,
       ARRAY(SELECT a.attname FROM unnest(t.tgattr) WITH ORDINALITY u(attnum, n)
             JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = u.attnum ORDER BY n) AS columns,
       t.tgtype & 1 = 1 AS for_each_row,
       CASE WHEN t.tgqual IS NOT NULL THEN
           substring(pg_get_triggerdef(t.oid) FROM ' FOR EACH (?:ROW|STATEMENT) WHEN \((.*)\) EXECUTE (?:FUNCTION|PROCEDURE) ') END AS "when",
       t.tgoldtable AS old_table, t.tgnewtable AS new_table,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.tgfoid) AS function,
       ARRAY(SELECT convert_from(decode(u.part, 'escape'), getdatabaseencoding())
             FROM unnest(string_to_array(replace(encode(t.tgargs, 'escape'), '\\', '\134'), '\000')) WITH ORDINALITY u(part, n)
             WHERE n <= t.tgnargs ORDER BY n) AS arguments,
       t.tgconstraint <> 0 AS "constraint",
       CASE WHEN t.tgdeferrable AND t.tginitdeferred THEN 'deferred' WHEN t.tgdeferrable THEN 'immediate' END AS deferrable,
       (SELECT json_build_object('schema', n.nspname, 'name', c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = t.tgconstrrelid) AS "from",
       CASE t.tgenabled WHEN 'O' THEN 'origin' WHEN 'A' THEN 'always' WHEN 'R' THEN 'replica' ELSE 'disabled' END AS enabled
FROM pg_trigger t
WHERE NOT t.tgisinternal AND t.tgrelid >= 16384 AND {13: t.tgparentid = 0 | NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid
      AND d.refclassid = 'pg_trigger'::regclass AND d.deptype IN ('P', 'S', 'I'))}
