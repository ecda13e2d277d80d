CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA public;
CREATE TABLE public.item (name public.citext UNIQUE);
INSERT INTO public.item VALUES ('a');
