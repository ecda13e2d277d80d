CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer, name ext_b.citext, label text) PARTITION BY LIST (name);
CREATE TABLE public.account_1 PARTITION OF public.account FOR VALUES IN ('x');
