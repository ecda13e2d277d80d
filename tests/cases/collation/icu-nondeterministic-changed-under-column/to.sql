CREATE COLLATION public.c (PROVIDER = icu, LOCALE = 'und-u-ks-level1', DETERMINISTIC = false);
CREATE TABLE public.item (name text COLLATE public.c UNIQUE);
