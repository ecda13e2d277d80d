CREATE TYPE public.state AS ENUM ('a', 'c');
CREATE TABLE public.item (id integer, s public.state);
