CREATE TABLE public.e (k text, n integer) PARTITION BY LIST (k);
CREATE TABLE public.e_a PARTITION OF public.e FOR VALUES IN ('a');
