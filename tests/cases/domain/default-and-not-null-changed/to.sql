CREATE DOMAIN public.d AS integer NOT NULL;
CREATE DOMAIN public.e AS integer DEFAULT 2;
CREATE TABLE public.item (a public.d, b public.e);
