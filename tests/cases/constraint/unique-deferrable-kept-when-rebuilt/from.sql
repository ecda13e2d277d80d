CREATE TABLE public.item (a integer, b integer, CONSTRAINT item_u UNIQUE (a) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO public.item VALUES (1, 2);
