CREATE TABLE public.t (a bigint, CONSTRAINT c CHECK (a > 1));
