CREATE SCHEMA b;
CREATE TABLE public.p (id integer, k text) PARTITION BY RANGE (id);
CREATE TABLE public.p1 (id integer, k text);
CREATE TABLE public.det PARTITION OF public.p FOR VALUES FROM (20) TO (30);
CREATE TABLE b.p3 PARTITION OF public.p DEFAULT;
CREATE TABLE public.plain (id bigint PRIMARY KEY, k text) PARTITION BY RANGE (id);
CREATE TABLE public.plain1 PARTITION OF public.plain DEFAULT;
