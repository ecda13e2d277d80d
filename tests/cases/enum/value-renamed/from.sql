CREATE TYPE public.state AS ENUM ('a', 'b', 'c');
CREATE TABLE public.item (s public.state DEFAULT 'b', CHECK (s <> 'b' OR true));
INSERT INTO public.item VALUES ('b');
