CREATE DOMAIN public.d AS integer NOT NULL;
CREATE TABLE public.item (a public.d);
