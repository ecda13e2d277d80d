CREATE TABLE public.t (a integer) PARTITION BY RANGE (a);
CREATE TABLE public.t_1 PARTITION OF public.t (CONSTRAINT positive CHECK (a > 0)) FOR VALUES FROM (1) TO (5);
