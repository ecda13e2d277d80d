CREATE TABLE public.item (n integer, CONSTRAINT positive CHECK (n > 0));
