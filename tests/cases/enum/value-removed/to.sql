CREATE TYPE public.state AS ENUM ('a', 'c');
CREATE TABLE public.item (id integer, s public.state NOT NULL DEFAULT 'a');
CREATE INDEX item_s ON public.item (s);
