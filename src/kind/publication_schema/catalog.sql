{15: SELECT 'pg_publication' AS parent_class, s.pnpubid AS parent_oid, s.oid, n.nspname AS name
FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid
| SELECT 'pg_publication' AS parent_class, 0::oid AS parent_oid, 0::oid AS oid, '' AS name WHERE false}
