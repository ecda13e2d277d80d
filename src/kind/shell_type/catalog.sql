SELECT t.oid, t.typnamespace AS schema, t.typname AS name, t.typisdefined AS announces
FROM pg_type t
LEFT JOIN pg_range r ON r.rngtypid = t.oid
WHERE t.oid >= 16384
  AND (NOT t.typisdefined OR (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid))
       OR r.rngcanonical <> 0)
