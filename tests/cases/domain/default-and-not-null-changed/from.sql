CREATE DOMAIN public.d AS integer DEFAULT 1;
CREATE DOMAIN public.e AS integer DEFAULT 1 NOT NULL;
CREATE TABLE public.item (a public.d, b public.e);
INSERT INTO public.item VALUES (1, 2);
