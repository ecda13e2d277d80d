CREATE TYPE public.state AS ENUM ('a', 'b', 'c');
CREATE TABLE public.item (id integer, s public.state);
INSERT INTO public.item VALUES (1, 'b');
