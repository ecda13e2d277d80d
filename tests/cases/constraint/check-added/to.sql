CREATE TABLE public.item (n integer CHECK (n BETWEEN 1 AND 10));
