CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext, label text, PRIMARY KEY (id));
CREATE PUBLICATION account_pub FOR TABLE public.account (id, name) WHERE (id > 0);
