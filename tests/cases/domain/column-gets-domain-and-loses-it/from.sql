CREATE DOMAIN public.d AS integer CHECK (VALUE > 0);
CREATE TABLE public.item (a integer, b public.d);
INSERT INTO public.item VALUES (1, 2);
