CREATE TABLE public.item (id integer PRIMARY KEY);
INSERT INTO public.item VALUES (1), (2);
CREATE TABLE public.part (id integer, day date) PARTITION BY RANGE (day);
CREATE TABLE public.part_old PARTITION OF public.part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
INSERT INTO public.part VALUES (1, '2020-05-01');
CREATE DOMAIN public.code AS text CHECK (VALUE <> '');
CREATE TABLE public.base (id integer);
CREATE TABLE public.child () INHERITS (public.base);
INSERT INTO public.child VALUES (1);
