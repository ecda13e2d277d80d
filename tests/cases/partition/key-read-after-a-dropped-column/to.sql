CREATE TABLE public.e (gone integer, k text, at date) PARTITION BY RANGE (at);
ALTER TABLE public.e DROP COLUMN gone;
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
ALTER TABLE public.e ADD n integer;
