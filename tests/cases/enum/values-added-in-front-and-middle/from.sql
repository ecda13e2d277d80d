CREATE TYPE public.state AS ENUM ('b', 'd');
CREATE TABLE public.item (s public.state);
INSERT INTO public.item VALUES ('b'), ('d');
