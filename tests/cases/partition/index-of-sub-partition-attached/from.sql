CREATE TABLE public.e (k text, at date) PARTITION BY LIST (k);
CREATE TABLE public.e_a PARTITION OF public.e FOR VALUES IN ('a') PARTITION BY RANGE (at);
CREATE TABLE public.e_a_1 PARTITION OF public.e_a FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX leaf ON public.e_a_1 (at);
INSERT INTO public.e VALUES ('a', '2024-05-05');
