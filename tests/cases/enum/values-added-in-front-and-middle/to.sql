CREATE TYPE public.state AS ENUM ('a', 'b', 'c', 'd', 'e', 'f');
CREATE TABLE public.item (s public.state);
