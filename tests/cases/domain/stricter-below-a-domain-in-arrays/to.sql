CREATE DOMAIN public.d1 AS integer NOT NULL CHECK (VALUE > 3);
CREATE DOMAIN public.d2 AS public.d1 CHECK (VALUE < 200);
CREATE TABLE public.item (x public.d1, y public.d2[]);
