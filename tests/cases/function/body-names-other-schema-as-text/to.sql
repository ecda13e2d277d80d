CREATE SCHEMA auth;
CREATE SCHEMA public2;
CREATE FUNCTION auth.f() RETURNS text LANGUAGE sql STABLE AS $$SELECT 'public.auth public2 "auth"'$$;
