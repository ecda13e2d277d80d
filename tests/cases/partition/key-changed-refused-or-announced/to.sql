CREATE TABLE public.e (k text, n integer) PARTITION BY RANGE (n);
CREATE TABLE public.e_a PARTITION OF public.e FOR VALUES FROM (1) TO (9);
