CREATE SEQUENCE public.changeme_seq;
CREATE FUNCTION public.generate_unique_changeme() RETURNS text LANGUAGE sql AS $$ SELECT 'http://changeme.invalid/seq/' || nextval('changeme_seq')::text; $$;
CREATE TABLE public.community (id integer NOT NULL PRIMARY KEY);
INSERT INTO public.community VALUES (1), (2);
