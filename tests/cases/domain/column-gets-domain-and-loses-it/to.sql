CREATE DOMAIN public.d AS integer CHECK (VALUE > 0);
CREATE TABLE public.item (a public.d, b integer);
