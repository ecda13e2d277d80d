-- What rows must obey, as one JSON text: tables with columns and constraints, and the types. JSON has OIDs as texts: they
-- are cast to numbers.
WITH tables AS MATERIALIZED (
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.oid >= 16384
), columns AS MATERIALIZED (
    SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated,
           pg_get_expr(ad.adbin, ad.adrelid) AS expression
    FROM tables t
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
), used AS MATERIALIZED (
    SELECT DISTINCT atttypid AS oid FROM columns
)
SELECT json_build_object(
    'tables', (SELECT json_agg(json_build_object(
            'oid', t.oid::bigint, 'schema', t.nspname, 'name', t.relname, 'partitioned', t.relkind = 'p',
            'partition_of', CASE WHEN t.relispartition THEN
                (SELECT i.inhparent::bigint FROM pg_inherits i WHERE i.inhrelid = t.oid LIMIT 1) END,
            'bound', CASE WHEN t.relispartition AND t.relkind = 'r' THEN pg_get_partition_constraintdef(t.oid) END)
            ORDER BY t.nspname, t.relname) FROM tables t),
    'columns', (SELECT json_agg(json_build_object(
            'table', k.attrelid::bigint, 'number', k.attnum, 'name', k.attname, 'type', k.atttypid::bigint, 'modifier', k.atttypmod,
            'type_name', format_type(k.atttypid, k.atttypmod), 'not_null', k.attnotnull,
            'identity', k.attidentity <> '', 'generated', k.attgenerated <> '', 'default', k.expression)
            ORDER BY k.attrelid, k.attnum) FROM columns k),
    'constraints', (SELECT json_agg(json_build_object(
            'table', k.conrelid::bigint, 'name', k.conname, 'kind', k.contype, 'columns', k.conkey,
            'parent', k.confrelid::bigint, 'parent_columns', k.confkey, 'deferrable', k.condeferrable,
            'expression', CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END)
            ORDER BY k.conrelid, k.conname)
        FROM pg_constraint k JOIN tables t ON t.oid = k.conrelid
        WHERE k.contype IN ('c', 'f', 'p', 'u', 'x')
          -- A key to a partitioned table stands there once more for each of its partitions.
          AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = k.conparentid AND k.contype = 'f' AND p.conrelid = k.conrelid)),
    'types', (SELECT json_agg(json_build_object(
            'oid', t.oid::bigint, 'name', t.typname, 'sql', format_type(t.oid, NULL), 'kind', t.typtype,
            'element', CASE WHEN t.typcategory = 'A' AND t.typtype = 'b' THEN t.typelem::bigint END,
            'base', nullif(t.typbasetype::bigint, 0), 'base_modifier', t.typtypmod,
            'base_sql', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
            'not_null', t.typnotnull,
            'labels', CASE WHEN t.typtype = 'e' THEN
                (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) END,
            'checks', CASE WHEN t.typtype = 'd' THEN
                (SELECT json_agg(pg_get_expr(k.conbin, 0)) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') END,
            'subtype', CASE WHEN t.typtype = 'r' THEN (SELECT r.rngsubtype::bigint FROM pg_range r WHERE r.rngtypid = t.oid) END,
            'fields', CASE WHEN t.typtype = 'c' THEN
                (SELECT json_agg(json_build_object('type', a.atttypid::bigint, 'modifier', a.atttypmod,
                            'type_name', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
                 FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END))
        FROM pg_type t
        WHERE t.typtype <> 'p' AND (t.typrelid = 0 OR t.oid IN (SELECT oid FROM used) OR t.typarray IN (SELECT oid FROM used)
                OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
          AND (t.oid < 16384 OR t.typelem = 0 OR t.oid IN (SELECT oid FROM used)
                OR NOT EXISTS (SELECT FROM pg_type e JOIN pg_class c ON c.oid = e.typrelid AND c.relkind <> 'c' WHERE e.oid = t.typelem)))
)::text AS facts
