SELECT 'pg_class' AS parent_class, w.ev_class AS parent_oid, w.oid, w.rulename AS name,
       CASE w.ev_type WHEN '1' THEN 'select' WHEN '2' THEN 'update' WHEN '3' THEN 'insert' ELSE 'delete' END AS event,
       rtrim(substr(d.text, strpos(d.text, d.target) + length(d.target)), ';') AS body,
       CASE w.ev_enabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE 'origin' END AS enabled
FROM pg_rewrite w
JOIN pg_class c ON c.oid = w.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT pg_get_ruledef(w.oid) AS text, ' TO ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS target
) d
WHERE w.rulename <> '_RETURN' AND w.ev_class >= 16384
