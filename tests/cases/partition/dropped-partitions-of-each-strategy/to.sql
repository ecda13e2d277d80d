CREATE TABLE public.r (id integer) PARTITION BY RANGE (id);
CREATE TABLE public.r_1 PARTITION OF public.r FOR VALUES FROM (0) TO (10);
CREATE TABLE public.l (k text, PRIMARY KEY (k)) PARTITION BY LIST (k);
CREATE TABLE public.l_a PARTITION OF public.l FOR VALUES IN ('a', 'b', 'c');
