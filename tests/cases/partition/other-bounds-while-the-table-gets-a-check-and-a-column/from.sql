CREATE TABLE public.t (a integer, b text) PARTITION BY LIST (a);
CREATE TABLE public.p PARTITION OF public.t FOR VALUES IN (10, 11);
INSERT INTO public.t VALUES (10, 'x');
