CREATE TYPE public.state AS ENUM ('z', 'a', 'x', 'c');
CREATE TABLE public.item (s public.state);
