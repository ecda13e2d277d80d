SELECT c.oid, c.connamespace AS schema, c.conname AS name,
       pg_encoding_to_char(c.conforencoding) AS "from", pg_encoding_to_char(c.contoencoding) AS "to",
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = c.conproc) AS function, c.condefault AS is_default
FROM pg_conversion c
WHERE c.oid >= 16384
