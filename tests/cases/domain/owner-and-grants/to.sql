CREATE DOMAIN public.d AS integer;
ALTER DOMAIN public.d OWNER TO case_owner;
REVOKE USAGE ON TYPE public.d FROM PUBLIC;
GRANT USAGE ON TYPE public.d TO case_reader;
