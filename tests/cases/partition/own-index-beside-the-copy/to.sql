CREATE TABLE public.nested (a integer, b integer) PARTITION BY LIST (a);
CREATE TABLE public.n1 PARTITION OF public.nested FOR VALUES IN (1);
CREATE INDEX nu3 ON public.nested (a);
CREATE INDEX nu5 ON public.n1 (a);
CREATE TABLE public.n2 PARTITION OF public.nested FOR VALUES IN (2);
CREATE INDEX nu6 ON public.n2 (a);
