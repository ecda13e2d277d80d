CREATE TABLE public.account (id integer, amount bigint, label text) PARTITION BY RANGE (id);
CREATE TABLE public.account_1 PARTITION OF public.account FOR VALUES FROM (1) TO (100) PARTITION BY LIST (label);
CREATE TABLE public.account_1_a PARTITION OF public.account_1 FOR VALUES IN ('a');
CREATE INDEX account_c ON public.account (amount);
GRANT SELECT ON public.account_1_a TO case_reader;
