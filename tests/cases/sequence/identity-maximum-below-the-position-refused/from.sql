CREATE TABLE public.t (id bigint GENERATED ALWAYS AS IDENTITY, a integer);
INSERT INTO public.t (a) SELECT n FROM generate_series(1, 30) n;
