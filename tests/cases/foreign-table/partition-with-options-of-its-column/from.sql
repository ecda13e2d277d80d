CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE public.p (id integer, t text) PARTITION BY LIST (id);
CREATE FOREIGN TABLE public.one (id integer, t text OPTIONS (column_name 'old', gone 'x')) SERVER s;
ALTER TABLE public.p ATTACH PARTITION public.one FOR VALUES IN (1);
