CREATE TABLE public.item (n integer, CONSTRAINT new_name CHECK (n > 0));
