CREATE TABLE public.item ();
