CREATE TABLE public.ref (id text PRIMARY KEY, name text NOT NULL, made timestamptz NOT NULL DEFAULT now());
CREATE TABLE public.t (id integer PRIMARY KEY, r text NOT NULL REFERENCES public.ref);
INSERT INTO public.ref VALUES ('a', 'A');
INSERT INTO public.t VALUES (1, 'a'), (2, 'a');
