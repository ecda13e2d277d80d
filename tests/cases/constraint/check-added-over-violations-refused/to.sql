CREATE TABLE public.item (n integer CHECK (n > 0));
