SELECT w.oid, w.fdwname AS name,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = w.fdwhandler) AS handler,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = w.fdwvalidator) AS validator,
       ARRAY(SELECT o FROM unnest(w.fdwoptions) o WHERE split_part(o, '=', 1) !~* '{secret}') AS options,
       -- A value that looks like a secret does not leave the server.
       ARRAY(SELECT split_part(o, '=', 1) || '=' || upper(regexp_replace(
                 w.fdwname || '_' || split_part(o, '=', 1), '[^A-Za-z0-9]+', '_', 'g'))
             FROM unnest(w.fdwoptions) o WHERE split_part(o, '=', 1) ~* '{secret}') AS secrets
FROM pg_foreign_data_wrapper w
WHERE w.oid >= 16384
