CREATE TABLE public.a (id integer, code text NOT NULL UNIQUE);
CREATE TABLE public.b (code text REFERENCES public.a (code));
