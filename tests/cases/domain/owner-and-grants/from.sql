CREATE DOMAIN public.d AS integer;
