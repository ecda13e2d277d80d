CREATE TYPE public.state AS ENUM ();
CREATE TABLE public.item (s public.state);
