CREATE TABLE public.item (a integer, b integer DEFAULT 4);
INSERT INTO public.item VALUES (1, 2);
