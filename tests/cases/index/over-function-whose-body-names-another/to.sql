CREATE TABLE public.place (id integer PRIMARY KEY, name text);
CREATE FUNCTION public.fold(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
CREATE FUNCTION public.plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT fold($1) $$;
-- The body of the function in the key names another without its schema.
CREATE INDEX place_plain ON public.place (public.plain(name));
CREATE TABLE public.street (id integer PRIMARY KEY, name text);
CREATE UNIQUE INDEX street_plain ON public.street (public.plain(name)) WHERE public.plain(name) <> '';
