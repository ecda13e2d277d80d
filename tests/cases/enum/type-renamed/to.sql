CREATE TYPE public.state AS ENUM ('a', 'b');
CREATE TABLE public.item (s public.state DEFAULT 'a', l public.state[]);
