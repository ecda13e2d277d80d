CREATE SCHEMA b;
CREATE TABLE public.p (id integer, k text) PARTITION BY RANGE (id);
CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (0) TO (10);
CREATE TABLE public.det (id integer, k text);
CREATE TABLE public.p3 PARTITION OF public.p DEFAULT;
CREATE TABLE public.plain (id integer PRIMARY KEY, k text);
INSERT INTO public.plain VALUES (1, 'a');
