CREATE TYPE public.state AS ENUM ('a', 'b', 'c');
CREATE TABLE public.item (s public.state, CONSTRAINT ok CHECK (s IN ('a', 'c')));
