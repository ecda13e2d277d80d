CREATE TABLE public.e (id bigint NOT NULL, k integer NOT NULL, at date NOT NULL, PRIMARY KEY (id, k, at), UNIQUE (k, at, id)) PARTITION BY RANGE (at);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (k);
CREATE TABLE public.e_1_a PARTITION OF public.e_1 FOR VALUES IN (1, 2);
CREATE TABLE public.e_1_d PARTITION OF public.e_1 DEFAULT;
CREATE TABLE public.e_d PARTITION OF public.e DEFAULT;
CREATE INDEX e_at ON public.e USING brin (at);
