CREATE TYPE public.state AS ENUM ('new', 'done');
CREATE TABLE public.task (at date NOT NULL, state public.state NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE public.task_1 PARTITION OF public.task FOR VALUES FROM ('2024-01-01') TO ('2024-02-01') PARTITION BY LIST (state);
CREATE TABLE public.task_1_new PARTITION OF public.task_1 FOR VALUES IN ('new');
INSERT INTO public.task VALUES ('2024-01-02', 'new');
