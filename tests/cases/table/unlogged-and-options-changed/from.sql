CREATE TABLE public.t (id serial PRIMARY KEY, k text);
CREATE UNLOGGED TABLE public.u (id integer GENERATED ALWAYS AS IDENTITY, k text) WITH (fillfactor = 50);
INSERT INTO public.t (k) VALUES ('a');
INSERT INTO public.u (k) VALUES ('a');
