CREATE TABLE public.account (id integer, total integer, label text) PARTITION BY RANGE (id);
CREATE TABLE public.account_first PARTITION OF public.account FOR VALUES FROM (1) TO (100) PARTITION BY LIST (label);
CREATE TABLE public.account_1_a PARTITION OF public.account_first FOR VALUES IN ('a');
CREATE INDEX account_c ON public.account (total);
GRANT SELECT ON public.account_1_a TO case_reader;
