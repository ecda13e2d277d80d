CREATE TABLE public.item (a integer CONSTRAINT ok CHECK (a > 0), b integer);
