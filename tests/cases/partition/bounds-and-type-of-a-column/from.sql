CREATE TABLE public.t (a integer, b text) PARTITION BY RANGE (a);
CREATE TABLE public.t_1 PARTITION OF public.t FOR VALUES FROM (1) TO (5);
INSERT INTO public.t VALUES (1, 'x');
