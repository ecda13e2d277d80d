CREATE TABLE public.zone (id integer PRIMARY KEY);
CREATE TABLE public.e (id integer, z integer) PARTITION BY RANGE (id);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES FROM (1) TO (100);
CREATE TABLE public.log (e integer);
INSERT INTO public.zone VALUES (1);
INSERT INTO public.e VALUES (1, 1);
INSERT INTO public.log VALUES (1);
