CREATE DOMAIN public.d AS integer;
CREATE TABLE public.item (a public.d);
INSERT INTO public.item VALUES (NULL);
