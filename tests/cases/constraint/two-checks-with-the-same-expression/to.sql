CREATE TABLE public.item (a integer, CONSTRAINT c2 CHECK (a > 0), CONSTRAINT c3 CHECK (a > 0));
