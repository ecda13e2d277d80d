CREATE TYPE public.state AS ENUM ('a', 'b', 'c');
CREATE TABLE public.item (id integer, s public.state DEFAULT 'b');
CREATE INDEX item_s ON public.item (s);
INSERT INTO public.item VALUES (1, 'a'), (2, 'c');
