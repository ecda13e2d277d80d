CREATE TABLE public.e (id integer NOT NULL, k text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX e_k_idx ON public.e (k);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES FROM (0) TO (100);
CREATE TABLE public.e_2 (id integer NOT NULL, k text, CONSTRAINT e_2_pkey PRIMARY KEY (id));
CREATE INDEX e_2_k_idx ON public.e_2 (k);
INSERT INTO public.e_2 VALUES (150, 'a');
