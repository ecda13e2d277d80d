CREATE TABLE public.t (a integer, CONSTRAINT c CHECK (a > 0));
INSERT INTO public.t VALUES (1);
