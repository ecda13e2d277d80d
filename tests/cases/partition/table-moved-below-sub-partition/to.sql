CREATE TABLE public.e (id integer NOT NULL, k text NOT NULL) PARTITION BY LIST (k);
CREATE TABLE public.e_a PARTITION OF public.e FOR VALUES IN ('a') PARTITION BY RANGE (id);
CREATE TABLE public.e_a_1 PARTITION OF public.e_a FOR VALUES FROM (0) TO (10);
CREATE TABLE public.e_b PARTITION OF public.e FOR VALUES IN ('b');
CREATE TABLE public.loose PARTITION OF public.e_a FOR VALUES FROM (10) TO (20);
CREATE INDEX loose_id ON public.loose (id);
CREATE INDEX e_id ON public.e (id);
