CREATE TABLE public.item (price numeric(10,2), rate numeric);
INSERT INTO public.item VALUES (1.25, 2.5);
