CREATE DOMAIN public.d AS integer CONSTRAINT a CHECK (VALUE > 0) CONSTRAINT b CHECK (VALUE < 100);
CREATE TABLE public.item (a public.d, l public.d[]);
INSERT INTO public.item VALUES (1, '{2}');
