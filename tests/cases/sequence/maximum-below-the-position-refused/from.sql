CREATE SEQUENCE public.s;
SELECT setval('public.s', 500);
