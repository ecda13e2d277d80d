CREATE TABLE public.e (id integer NOT NULL, k text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX e_k_idx ON public.e (k);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES FROM (0) TO (100);
CREATE TABLE public.e_2 PARTITION OF public.e FOR VALUES FROM (100) TO (200);
INSERT INTO public.e VALUES (1, 'a'), (150, 'b');
