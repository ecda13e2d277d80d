CREATE TABLE public.e (id integer NOT NULL, n integer, g integer GENERATED ALWAYS AS (n * 2) STORED, gone text DEFAULT 'x') PARTITION BY LIST (id);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES IN (1);
CREATE TABLE public.e_2 PARTITION OF public.e FOR VALUES IN (2, NULL);
CREATE INDEX e_n ON public.e (n);
INSERT INTO public.e (id, n) VALUES (1, 5);
