CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.e (id integer NOT NULL, a_id integer, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES FROM (0) TO (100);
CREATE TABLE public.o (id integer PRIMARY KEY, e_id integer);
INSERT INTO public.a VALUES (1);
INSERT INTO public.e VALUES (1, 1);
INSERT INTO public.o VALUES (1, 1);
