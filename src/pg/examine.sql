-- What can stand in the way of migrations in this database. $1 are the names of its schemas, $2 the history schema.
SELECT pg_catalog.jsonb_build_object(
    'role', current_user,
    'superuser', (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
    'creates_in_database', pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
    'in_recovery', pg_catalog.pg_is_in_recovery(),
    'read_only', (
        SELECT s.reset_val = 'on'
        FROM pg_catalog.pg_settings s
        WHERE s.name = 'default_transaction_read_only'),
    'missing_schemas', (
        SELECT coalesce(pg_catalog.jsonb_agg(s.name ORDER BY s.name), '[]')
        FROM pg_catalog.unnest($1::text[]) s(name)
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = s.name)),
    'closed_schemas', (
        SELECT coalesce(pg_catalog.jsonb_agg(n.nspname ORDER BY n.nspname), '[]')
        FROM pg_catalog.pg_namespace n
        WHERE n.nspname = ANY ($1::text[]) AND NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')),
    'foreign_objects', (
        SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(f.name, f.owner) ORDER BY f.name), '[]')
        FROM (
            SELECT n.nspname || '.' || c.relname, pg_catalog.pg_get_userbyid(c.relowner)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
              AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
            UNION ALL
            SELECT n.nspname || '.' || p.proname, pg_catalog.pg_get_userbyid(p.proowner)
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = ANY ($1::text[]) AND NOT pg_catalog.pg_has_role(p.proowner, 'USAGE')
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
        ) f(name, owner)),
    'history_owner', (
        SELECT pg_catalog.pg_get_userbyid(n.nspowner) FROM pg_catalog.pg_namespace n
        WHERE n.nspname = $2::text AND NOT pg_catalog.pg_has_role(n.nspowner, 'USAGE')
          AND NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')),
    'invalid_indexes', (
        SELECT coalesce(pg_catalog.jsonb_agg(n.nspname || '.' || c.relname ORDER BY n.nspname, c.relname), '[]')
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY ($1::text[]) AND NOT i.indisvalid AND c.relkind = 'i'),
    'extensions', (
        SELECT coalesce(pg_catalog.jsonb_agg(e.name ORDER BY e.name), '[]') FROM pg_catalog.pg_available_extensions e),
    'idle_in_transaction', (
        SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(a.pid, a.usename,
            pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - a.xact_start)::pg_catalog.text) ORDER BY a.xact_start), '[]')
        FROM pg_catalog.pg_stat_activity a
        WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
          AND a.state LIKE 'idle in transaction%'),
    'prepared_transactions', (
        SELECT pg_catalog.count(*) FROM pg_catalog.pg_prepared_xacts p WHERE p.database = pg_catalog.current_database())
)::text
