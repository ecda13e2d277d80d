CREATE DOMAIN public.d AS text;
CREATE TABLE public.item (x public.d);
