CREATE TYPE public.state AS ENUM ('a', 'b', 'c');
CREATE TABLE public.item (s public.state DEFAULT 'c', CONSTRAINT ok CHECK (s <> 'c' OR s IS NOT NULL));
CREATE INDEX item_c ON public.item (s) WHERE s = 'c';
