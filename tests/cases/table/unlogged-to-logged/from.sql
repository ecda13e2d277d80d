CREATE UNLOGGED TABLE public.cache (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text);
INSERT INTO public.cache (body) VALUES ('a');
