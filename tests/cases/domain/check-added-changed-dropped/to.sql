CREATE DOMAIN public.d AS integer CONSTRAINT b CHECK (VALUE < 200) CONSTRAINT c CHECK (VALUE <> 13);
CREATE TABLE public.item (a public.d, l public.d[]);
