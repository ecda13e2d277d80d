SELECT 'pg_class' AS parent_class, k.conrelid AS parent_oid, k.oid, k.conname AS name,
       pg_get_expr(k.conbin, k.conrelid) AS expression,
       -- Whether rows were looked at is said of the parent's: a child's copy says what was there when it was made. A
       -- partition's says it for itself: there a table can be attached that was looked at.
       k.connoinherit AS no_inherit,
       NOT k.convalidated
       AND (k.conislocal OR (SELECT c.relispartition FROM pg_class c WHERE c.oid = k.conrelid)) AS not_valid,
       {18: NOT k.conenforced | false} AS not_enforced,
       NOT k.conislocal AS inherited
FROM pg_constraint k
WHERE k.contype = 'c' AND k.conrelid >= 16384
