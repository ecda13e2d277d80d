CREATE TABLE public.item (a integer, b integer, CONSTRAINT item_u1 UNIQUE (a, b), CONSTRAINT item_u2 UNIQUE (a, b));
INSERT INTO public.item VALUES (1, 2);
