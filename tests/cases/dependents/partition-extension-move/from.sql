CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_a;
SET search_path = public, ext_a;
CREATE TABLE public.account (id integer, name ext_a.citext, label text) PARTITION BY LIST (name);
CREATE TABLE public.account_1 PARTITION OF public.account FOR VALUES IN ('x');
INSERT INTO public.account (id, name, label) VALUES (1, 'x', 'a');
