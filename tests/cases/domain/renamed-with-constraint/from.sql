CREATE DOMAIN public.old_d AS integer CONSTRAINT old_c CHECK (VALUE > 0);
CREATE TABLE public.item (a public.old_d);
INSERT INTO public.item VALUES (1);
