DO $do$ BEGIN EXECUTE 'CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS ' || quote_literal(E'\r\n\tSELECT 1\r\n   \r\n'); END $do$;
