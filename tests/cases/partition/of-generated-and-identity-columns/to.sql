CREATE TABLE public.e (k text, n integer, g integer GENERATED ALWAYS AS (n * 2) STORED) PARTITION BY LIST (k);
CREATE TABLE public.e_a PARTITION OF public.e FOR VALUES IN ('a');
