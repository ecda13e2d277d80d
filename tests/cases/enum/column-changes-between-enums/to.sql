CREATE TYPE public.e1 AS ENUM ('a', 'b');
CREATE TYPE public.e2 AS ENUM ('b', 'a', 'c');
CREATE TABLE public.item (s public.e2 DEFAULT 'a');
