CREATE TABLE public.item (a integer, CONSTRAINT c1 CHECK (a > 0), CONSTRAINT c2 CHECK (a > 0));
