SELECT w.oid, w.fdwname AS name,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = w.fdwhandler) AS handler,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = w.fdwvalidator) AS validator,
       {options of w.fdwoptions} AS options,
       -- A value that looks like a secret does not leave the server.
       {secrets of w.fdwoptions} AS secrets
FROM pg_foreign_data_wrapper w
WHERE w.oid >= 16384
