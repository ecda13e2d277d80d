SELECT f.oid, f.opfnamespace AS schema, f.opfname AS name, am.amname AS signature
FROM pg_opfamily f JOIN pg_am am ON am.oid = f.opfmethod
WHERE f.oid >= 16384
