CREATE TABLE public.t (a integer, b character varying NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE public.t_1 PARTITION OF public.t FOR VALUES FROM (1) TO (9);
