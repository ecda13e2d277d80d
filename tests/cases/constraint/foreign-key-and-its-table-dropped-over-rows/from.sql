CREATE TABLE public.ref (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE public.t (id integer PRIMARY KEY, r integer REFERENCES public.ref);
INSERT INTO public.ref (name) VALUES ('a'), ('b');
INSERT INTO public.t VALUES (1, 1), (2, 2), (3, NULL);
