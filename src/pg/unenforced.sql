-- The foreign keys whose triggers are switched off, so that no row is checked. $1 are the names of schemas.
SELECT DISTINCT n.nspname || '.' || r.relname || '.' || c.conname
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_constraint c ON c.oid = t.tgconstraint AND c.contype = 'f'
JOIN pg_catalog.pg_class r ON r.oid = c.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
WHERE n.nspname = ANY ($1::text[]) AND t.tgisinternal AND t.tgenabled IN ('D', 'R')
ORDER BY 1
