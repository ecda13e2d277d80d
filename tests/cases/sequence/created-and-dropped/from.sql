CREATE SEQUENCE public.old_s;
