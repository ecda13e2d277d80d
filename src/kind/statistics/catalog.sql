SELECT 'pg_class' AS parent_class, s.stxrelid AS parent_oid, s.oid, s.stxname AS name,
       (SELECT n.nspname FROM pg_namespace n WHERE n.oid = s.stxnamespace AND n.oid <> c.relnamespace) AS schema_name,
       CASE WHEN NOT s.stxkind @> '{d,f,m}'::"char"[] AND s.stxkind <> '{e}'::"char"[] THEN
           ARRAY(SELECT k.word FROM (VALUES (1, 'd', 'ndistinct'), (2, 'f', 'dependencies'), (3, 'm', 'mcv')) k(n, kind, word)
                 WHERE k.kind::"char" = ANY (s.stxkind) ORDER BY k.n)
       ELSE '{}'::text[] END AS kinds,
       ARRAY(SELECT a.attname FROM unnest(s.stxkeys::int2[]) u(attnum)
             JOIN pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = u.attnum ORDER BY a.attname) AS columns,
       {14: coalesce(pg_get_statisticsobjdef_expressions(s.oid), '{}') | '{}'::text[]} AS expressions,
       CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget::int END AS target
FROM pg_statistic_ext s
JOIN pg_class c ON c.oid = s.stxrelid
WHERE s.oid >= 16384
