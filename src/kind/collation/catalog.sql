SELECT c.oid, c.collnamespace AS schema, c.collname AS name,
       CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
       CASE WHEN c.collprovider IN ('i', 'b') THEN
           {17: c.colllocale | {15: c.colliculocale | c.collcollate::text}} END AS locale,
       CASE WHEN c.collprovider = 'c' THEN c.collcollate END::text AS lc_collate,
       CASE WHEN c.collprovider = 'c' THEN c.collctype END::text AS lc_ctype,
       c.collisdeterministic AS deterministic,
       {17: c.collicurules | {16: c.collicurules | NULL::text}} AS rules
FROM pg_collation c
WHERE c.oid >= 16384
