CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_a;
SET search_path = public, ext_a;
CREATE TABLE public.account (id integer NOT NULL, name ext_a.citext, label text, PRIMARY KEY (id));
ALTER TABLE public.account ALTER name SET DEFAULT 'x';
ALTER TABLE public.account ALTER label SET DEFAULT 'none';
INSERT INTO public.account (id, name, label) VALUES (1, 'x', 'a');
