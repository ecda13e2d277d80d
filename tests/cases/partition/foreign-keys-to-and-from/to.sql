CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.e (id integer NOT NULL, a_id integer REFERENCES public.a ON DELETE SET NULL, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES FROM (0) TO (100);
CREATE TABLE public.e_2 PARTITION OF public.e FOR VALUES FROM (100) TO (200);
CREATE TABLE public.o (id integer PRIMARY KEY, e_id integer REFERENCES public.e DEFERRABLE);
CREATE INDEX e_a ON public.e (a_id) INCLUDE (id);
