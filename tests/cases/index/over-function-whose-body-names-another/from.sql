CREATE TABLE public.place (id integer PRIMARY KEY, name text);
CREATE FUNCTION public.fold(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
CREATE FUNCTION public.plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT fold($1) $$;
INSERT INTO public.place VALUES (1, 'A'), (2, 'B');
