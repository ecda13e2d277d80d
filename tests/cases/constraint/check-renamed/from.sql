CREATE TABLE public.item (n integer, CONSTRAINT old_name CHECK (n > 0));
INSERT INTO public.item VALUES (1);
