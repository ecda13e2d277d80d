CREATE TABLE public.event (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE public.event_old PARTITION OF public.event FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
INSERT INTO public.event_old VALUES (1, '2020-01-01');
