CREATE TYPE public.state AS ENUM ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'a,b', '"q"', '{x}', '\n', ' ');
CREATE TABLE public.item (s public.state, l public.state[] DEFAULT '{}');
