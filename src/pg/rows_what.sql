SELECT w.number, w.col, pg_catalog.format_type(a.atttypid, -1),
       pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'),
       pg_catalog.row_security_active(c.oid), current_user
FROM
