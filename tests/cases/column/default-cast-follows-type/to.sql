CREATE TABLE public.item (id integer, state boolean DEFAULT true);
