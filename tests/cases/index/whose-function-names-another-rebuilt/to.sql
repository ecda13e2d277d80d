CREATE TABLE public.place (id integer PRIMARY KEY, name text, at timestamptz DEFAULT now() NOT NULL);
CREATE FUNCTION public.fold(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
CREATE FUNCTION public.plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT fold($1) $$;
CREATE INDEX place_plain ON public.place (public.plain(name), id);
