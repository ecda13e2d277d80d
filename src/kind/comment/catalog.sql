SELECT d.classoid AS parent_classid, d.objoid AS parent_oid, d.objsubid AS parent_sub, 0::oid AS oid, d.description AS text,
       -- A key and its index are one object with two comments.
       CASE WHEN d.classoid = 'pg_class'::regclass AND d.objsubid = 0
            AND EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = d.objoid AND k.contype IN ('p', 'u', 'x'))
            THEN 'index'
            -- The sequence of an identity column is a part of the column, which has a comment of its own.
            WHEN d.classoid = 'pg_class'::regclass AND d.objsubid = 0
            AND EXISTS (SELECT FROM pg_depend i JOIN pg_class s ON s.oid = i.objid AND s.relkind = 'S'
                        WHERE i.classid = 'pg_class'::regclass AND i.objid = d.objoid AND i.deptype = 'i')
            THEN 'sequence' ELSE '' END AS name,
       own.lanname AS own_name, CASE WHEN own.oid IS NOT NULL THEN 'language' END AS own_kind
FROM pg_description d
LEFT JOIN pg_language own ON d.classoid = 'pg_language'::regclass AND own.oid = d.objoid AND own.lanname = 'plpgsql'
WHERE (d.objoid >= 16384 OR d.classoid = 'pg_extension'::regclass OR own.oid IS NOT NULL
       OR d.classoid = 'pg_namespace'::regclass AND d.objoid = to_regnamespace('public'))
  -- Schema public is born with a comment.
  AND NOT (d.classoid = 'pg_namespace'::regclass AND d.objoid = to_regnamespace('public')
           AND d.description = 'standard public schema')
  -- So is the language that every new database has.
  AND NOT (own.oid IS NOT NULL AND d.description = 'PL/pgSQL procedural language')
  -- An extension is born with the comment of its control file.
  AND NOT (d.classoid = 'pg_extension'::regclass AND EXISTS (
      SELECT FROM pg_extension e JOIN pg_available_extensions a ON a.name = e.extname
      WHERE e.oid = d.objoid AND a.comment = d.description))
UNION ALL
SELECT 'pg_namespace'::regclass, n.oid, 0, 0::oid, '', '', NULL, NULL
FROM pg_namespace n
WHERE n.nspname = 'public'
  AND NOT EXISTS (SELECT FROM pg_description d WHERE d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid)
UNION ALL
-- An extension without the comment that it was born with.
SELECT 'pg_extension'::regclass, e.oid, 0, 0::oid, '', '', NULL, NULL
FROM pg_extension e
-- The server reads all control files to answer: only where there is none.
WHERE CASE WHEN NOT EXISTS (SELECT FROM pg_description d WHERE d.classoid = 'pg_extension'::regclass AND d.objoid = e.oid)
      THEN EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = e.extname AND a.comment IS NOT NULL) END
UNION ALL
SELECT d.classoid, d.objoid, 0, 0::oid, d.description, '', NULL, NULL
FROM pg_shdescription d
WHERE d.classoid = 'pg_authid'::regclass AND d.objoid >= 16384
