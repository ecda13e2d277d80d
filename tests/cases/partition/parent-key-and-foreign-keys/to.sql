CREATE TABLE public.zone (id integer PRIMARY KEY);
CREATE TABLE public.e (id integer PRIMARY KEY, z integer REFERENCES public.zone) PARTITION BY RANGE (id);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES FROM (1) TO (100);
CREATE TABLE public.log (e integer REFERENCES public.e);
