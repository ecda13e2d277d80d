CREATE TABLE public.nested (a integer, b integer) PARTITION BY LIST (a);
CREATE TABLE public.n1 PARTITION OF public.nested FOR VALUES IN (1);
INSERT INTO public.nested VALUES (1, 2);
