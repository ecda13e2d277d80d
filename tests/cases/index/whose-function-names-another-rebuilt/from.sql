CREATE TABLE public.place (id integer PRIMARY KEY, name varchar(20));
CREATE FUNCTION public.fold(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
CREATE FUNCTION public.plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT fold($1) $$;
CREATE INDEX place_plain ON public.place (public.plain(name));
INSERT INTO public.place VALUES (1, 'A'), (2, 'B');
