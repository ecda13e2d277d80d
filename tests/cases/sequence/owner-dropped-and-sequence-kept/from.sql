CREATE TABLE public.a (id serial PRIMARY KEY, n integer);
CREATE TABLE public.gone (id serial);
CREATE SEQUENCE public.n_seq OWNED BY public.a.n;
INSERT INTO public.a (n) VALUES (1);
