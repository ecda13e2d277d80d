CREATE TABLE public.event (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE public.event_1 PARTITION OF public.event FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
INSERT INTO public.event VALUES (1, '2024-02-02');
