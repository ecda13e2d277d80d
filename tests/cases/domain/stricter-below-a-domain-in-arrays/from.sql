CREATE DOMAIN public.d1 AS integer CHECK (VALUE > 0);
CREATE DOMAIN public.d2 AS public.d1 CHECK (VALUE < 100);
CREATE TABLE public.item (x public.d2, y public.d2[]);
INSERT INTO public.item VALUES (50, '{51,52}');
