CREATE TABLE public.e (gone integer, k text, at date) PARTITION BY RANGE (at);
ALTER TABLE public.e DROP COLUMN gone;
