CREATE TABLE public.item (a bit(4), b bit varying(8));
INSERT INTO public.item VALUES (B'1010', B'11');
