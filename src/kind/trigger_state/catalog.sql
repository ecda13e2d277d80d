SELECT 'pg_class' AS parent_class, t.tgrelid AS parent_oid, t.oid, t.tgname AS name,
       CASE WHEN p.tgenabled <> t.tgenabled THEN
           CASE t.tgenabled WHEN 'O' THEN 'origin' WHEN 'A' THEN 'always' WHEN 'R' THEN 'replica' ELSE 'disabled' END
       END AS enabled
FROM pg_trigger t
JOIN pg_trigger p ON p.oid = t.tgparentid
WHERE t.tgrelid >= 16384
  AND (p.tgenabled <> t.tgenabled
       OR EXISTS (SELECT FROM pg_description d WHERE d.classoid = 'pg_trigger'::regclass AND d.objoid = t.oid))
  -- The triggers of foreign keys have no names that anybody could say.
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.oid = t.tgconstraint AND k.contype = 'f')
