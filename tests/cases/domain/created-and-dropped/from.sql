CREATE DOMAIN public.old_d AS text;
