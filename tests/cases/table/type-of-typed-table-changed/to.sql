CREATE TYPE public.t AS (id bigint, k text, extra date);
CREATE TABLE public.o OF public.t (PRIMARY KEY (id));
CREATE INDEX o_k ON public.o (k);
