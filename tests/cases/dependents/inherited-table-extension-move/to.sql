CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext, label text, CONSTRAINT account_ok CHECK (name = 'x'::citext OR id > 0), PRIMARY KEY (id));
CREATE TABLE public.special (extra text) INHERITS (public.account);
CREATE INDEX special_extra ON public.special (extra);
CREATE INDEX special_c ON public.special (name);
