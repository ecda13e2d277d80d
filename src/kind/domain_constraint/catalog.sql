SELECT 'pg_type' AS parent_class, k.contypid AS parent_oid, k.oid, k.conname AS name,
       pg_get_expr(k.conbin, 0) AS expression, NOT k.convalidated AS not_valid
FROM pg_constraint k
WHERE k.contype = 'c' AND k.contypid >= 16384
