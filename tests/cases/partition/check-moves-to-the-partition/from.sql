CREATE TABLE public.t (a integer, CONSTRAINT positive CHECK (a > 0)) PARTITION BY RANGE (a);
CREATE TABLE public.t_1 PARTITION OF public.t FOR VALUES FROM (1) TO (5);
