CREATE TABLE public.item (a integer, b integer, CONSTRAINT ok CHECK (a > 0));
