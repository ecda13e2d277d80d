CREATE TABLE public.e (k text, n integer) PARTITION BY LIST (k);
CREATE TABLE public.e_a (x integer, n integer, k text);
ALTER TABLE public.e_a DROP COLUMN x;
ALTER TABLE public.e ATTACH PARTITION public.e_a FOR VALUES IN ('a');
INSERT INTO public.e VALUES ('a', 1);
