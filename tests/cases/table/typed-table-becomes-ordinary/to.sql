CREATE TYPE public.t AS (id integer, k text);
CREATE TABLE public.o (id integer NOT NULL, k text DEFAULT 'x', PRIMARY KEY (id));
CREATE TABLE public.plain OF public.t (k NOT NULL);
