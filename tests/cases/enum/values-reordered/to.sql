CREATE TYPE public.state AS ENUM ('c', 'b', 'a');
CREATE TABLE public.item (id integer, s public.state DEFAULT 'b');
CREATE INDEX item_s ON public.item (s);
