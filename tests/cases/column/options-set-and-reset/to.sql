CREATE TABLE public.item (a integer, b integer);
ALTER TABLE public.item ALTER a SET (n_distinct = 100, n_distinct_inherited = 200);
