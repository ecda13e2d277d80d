CREATE TYPE public.state AS ENUM ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
CREATE TABLE public.item (s public.state, l public.state[] DEFAULT '{}');
