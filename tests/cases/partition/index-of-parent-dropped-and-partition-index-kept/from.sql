CREATE TABLE public.e (id integer, k text) PARTITION BY RANGE (id);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES FROM (0) TO (100);
CREATE TABLE public.e_2 PARTITION OF public.e FOR VALUES FROM (100) TO (200);
CREATE INDEX e_k ON public.e (k);
