CREATE DOMAIN public.d AS integer CONSTRAINT new_c CHECK (VALUE > 0);
CREATE TABLE public.item (a public.d);
