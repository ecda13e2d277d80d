CREATE TYPE public.state AS ENUM ('a', 'b', 'c');
CREATE TABLE public.item (s public.state);
