CREATE TABLE public.e (at timestamp, n integer, s text) PARTITION BY RANGE (date_trunc('month', at), n, s COLLATE "C" text_pattern_ops);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES FROM ('2024-01-01', MINVALUE, MINVALUE) TO ('2024-02-01', MAXVALUE, MAXVALUE);
