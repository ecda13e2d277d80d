CREATE TABLE public.nested (a integer, b integer) PARTITION BY LIST (a);
CREATE TABLE public.n1 PARTITION OF public.nested FOR VALUES IN (1) PARTITION BY LIST (b);
CREATE TABLE public.n11 PARTITION OF public.n1 FOR VALUES IN (1);
CREATE UNIQUE INDEX nu ON public.nested (a, b);
ALTER TABLE public.n1 ADD CONSTRAINT n1pk PRIMARY KEY (a, b);
