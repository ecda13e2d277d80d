CREATE SEQUENCE public.s START 10;
SELECT setval('public.s', 77);
