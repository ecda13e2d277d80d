CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext, label text, PRIMARY KEY (id));
ALTER TABLE public.account ALTER name SET DEFAULT 'x';
ALTER TABLE public.account ALTER label SET DEFAULT 'none';
