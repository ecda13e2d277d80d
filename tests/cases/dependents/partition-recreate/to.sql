CREATE TABLE public.account (id integer, amount integer, label text) PARTITION BY LIST (id);
CREATE TABLE public.account_1 PARTITION OF public.account FOR VALUES IN (1, 2);
CREATE INDEX account_1_label ON public.account_1 (label);
COMMENT ON TABLE public.account_1 IS 'first';
