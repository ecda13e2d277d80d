CREATE TYPE public.state AS ENUM ('a', 'x', 'c');
CREATE TABLE public.item (s public.state DEFAULT 'x', CHECK (s <> 'x' OR true));
