CREATE TYPE public.e AS ENUM ('a');
CREATE TABLE public.item (x public.e);
