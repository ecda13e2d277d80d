SELECT 'pg_class' AS parent_class, t.tgrelid AS parent_oid, 0::oid AS oid, t.tgname AS name,
       CASE t.tgenabled WHEN 'O' THEN 'origin' WHEN 'A' THEN 'always' WHEN 'R' THEN 'replica' ELSE 'disabled' END AS enabled
FROM pg_trigger t
JOIN pg_trigger p ON p.oid = t.tgparentid AND p.tgenabled <> t.tgenabled
WHERE t.tgrelid >= 16384
  -- The triggers of foreign keys have no names that anybody could say.
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.oid = t.tgconstraint AND k.contype = 'f')
