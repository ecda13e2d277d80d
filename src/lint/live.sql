-- The relations that the statements may touch, one JSON value each. $1 are their names, $2 schemas of which all are wanted.
WITH RECURSIVE named AS (
    SELECT c.oid FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND (c.relname::text = ANY ($1::text[]) OR n.nspname::text = ANY ($2::text[]))
  UNION
    SELECT i.indrelid FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE c.relname::text = ANY ($1::text[])
  UNION
    SELECT a.attrelid FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    WHERE t.typtype = 'd' AND t.typname::text = ANY ($1::text[]) AND a.attnum > 0
), tree AS (
    SELECT oid FROM named
  UNION
    SELECT CASE WHEN i.inhparent = t.oid THEN i.inhrelid ELSE i.inhparent END
    FROM tree t JOIN pg_catalog.pg_inherits i ON t.oid IN (i.inhparent, i.inhrelid)
), wanted AS (
    SELECT oid FROM tree
  UNION
    SELECT CASE WHEN k.conrelid = t.oid THEN k.confrelid ELSE k.conrelid END
    FROM tree t JOIN pg_catalog.pg_constraint k ON k.contype = 'f' AND t.oid IN (k.conrelid, k.confrelid)
  UNION
    SELECT d.refobjid FROM tree t
    JOIN pg_catalog.pg_rewrite r ON r.ev_class = t.oid
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
)
SELECT pg_catalog.jsonb_build_object(
    'schema', n.nspname,
    'name', c.relname,
    'kind', c.relkind::text,
    'rows', CASE WHEN c.reltuples >= 0 AND (c.reltuples > 0 OR c.relpages > 0 OR pg_catalog.pg_relation_size(c.oid) = 0)
                 THEN c.reltuples END,
    'bytes', CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_table_size(c.oid) ELSE 0 END,
    'index_bytes', CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_indexes_size(c.oid) ELSE 0 END,
    'row_security', c.relrowsecurity,
    'identified', c.relreplident <> 'd',
    'default_partition', (
        SELECT pg_catalog.jsonb_build_array(dn.nspname, dc.relname) FROM pg_catalog.pg_partitioned_table p
        JOIN pg_catalog.pg_class dc ON dc.oid = p.partdefid
        JOIN pg_catalog.pg_namespace dn ON dn.oid = dc.relnamespace WHERE p.partrelid = c.oid),
    'children', COALESCE((
        SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(hn.nspname, hc.relname) ORDER BY hn.nspname, hc.relname)
        FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class hc ON hc.oid = i.inhrelid
        JOIN pg_catalog.pg_namespace hn ON hn.oid = hc.relnamespace WHERE i.inhparent = c.oid), '[]'),
    'reads', COALESCE((
        SELECT pg_catalog.jsonb_agg(DISTINCT pg_catalog.jsonb_build_array(rn.nspname, rc.relname))
        FROM pg_catalog.pg_rewrite r
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
          AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> c.oid
        JOIN pg_catalog.pg_class rc ON rc.oid = d.refobjid
        JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
        WHERE r.ev_class = c.oid AND c.relkind IN ('v', 'm')), '[]'),
    'columns', COALESCE((
        SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'name', a.attname,
            'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
            'not_null', a.attnotnull,
            'default', a.atthasdef OR a.attidentity <> '',
            'width', (SELECT s.avg_width FROM pg_catalog.pg_stats s WHERE s.schemaname = n.nspname
                      AND s.tablename = c.relname AND s.attname = a.attname LIMIT 1)) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'S'), '[]'),
    'constraints', COALESCE((
        SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'name', k.conname,
            'type', k.contype::text,
            'valid', k.convalidated,
            'columns', COALESCE((
                SELECT pg_catalog.jsonb_agg(a.attname ORDER BY u.place)
                FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY u (number, place)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number), '[]'),
            'expression', pg_catalog.pg_get_expr(k.conbin, k.conrelid),
            'references', (
                SELECT pg_catalog.jsonb_build_array(fn.nspname, fc.relname) FROM pg_catalog.pg_class fc
                JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace WHERE fc.oid = k.confrelid)) ORDER BY k.conname)
        FROM pg_catalog.pg_constraint k
        WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f', 'c', 'x', 'n')), '[]'),
    'indexes', COALESCE((
        SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'name', ic.relname,
            'unique', i.indisunique,
            'method', am.amname,
            'predicate', pg_catalog.pg_get_expr(i.indpred, i.indrelid),
            'bytes', CASE WHEN ic.relkind = 'i' THEN pg_catalog.pg_relation_size(ic.oid) ELSE 0 END,
            'keys', (
                SELECT pg_catalog.jsonb_agg(COALESCE(a.attname::text, pg_catalog.pg_get_indexdef(ic.oid, g.place, false))
                    || CASE WHEN (i.indoption[g.place - 1]::integer & 1) = 1 THEN ' DESC' ELSE '' END ORDER BY g.place)
                FROM pg_catalog.generate_series(1, i.indnkeyatts::integer) g (place)
                LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[g.place - 1]
                  AND a.attnum <> 0)) ORDER BY ic.relname)
        FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
        JOIN pg_catalog.pg_am am ON am.oid = ic.relam
        WHERE i.indrelid = c.oid AND i.indisvalid), '[]'),
    'published', COALESCE((
        SELECT pg_catalog.jsonb_agg(p.pubname ORDER BY p.pubname) FROM pg_catalog.pg_publication_tables t
        JOIN pg_catalog.pg_publication p ON p.pubname = t.pubname AND (p.pubupdate OR p.pubdelete)
        WHERE t.schemaname = n.nspname AND t.tablename = c.relname), '[]'),
    'counters', COALESCE((
        SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(a.attname, x.last, x.most) ORDER BY a.attnum)
        FROM pg_catalog.pg_depend d
        JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        CROSS JOIN LATERAL (
            SELECT CASE WHEN pg_catalog.has_sequence_privilege(s.seqrelid, 'SELECT')
                        THEN pg_catalog.pg_sequence_last_value(s.seqrelid) END AS last,
                   LEAST(s.seqmax, CASE a.atttypid WHEN 21 THEN 32767 WHEN 23 THEN 2147483647 END::bigint) AS most) x
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = d.classid
          AND d.refobjid = c.oid AND d.deptype IN ('a', 'i') AND a.atttypid IN (21, 23) AND x.last > 0), '[]')
)::text
FROM wanted w
JOIN pg_catalog.pg_class c ON c.oid = w.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname
