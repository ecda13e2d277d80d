CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE public.p (id integer, t text) PARTITION BY LIST (id);
CREATE FOREIGN TABLE public.one (id integer, t text OPTIONS (column_name 'new')) SERVER s;
ALTER TABLE public.p ATTACH PARTITION public.one FOR VALUES IN (1);
CREATE FOREIGN TABLE public.two (id integer OPTIONS (key 'yes'), t text OPTIONS (column_name 'zz')) SERVER s;
ALTER TABLE public.p ATTACH PARTITION public.two FOR VALUES IN (2, 3);
