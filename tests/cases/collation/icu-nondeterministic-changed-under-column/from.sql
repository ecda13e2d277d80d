CREATE COLLATION public.c (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE TABLE public.item (name text COLLATE public.c UNIQUE);
INSERT INTO public.item VALUES ('a'), ('b');
