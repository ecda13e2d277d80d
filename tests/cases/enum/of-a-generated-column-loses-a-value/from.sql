CREATE TYPE public.state AS ENUM ('a', 'b', 'c');
CREATE TABLE public.t (id integer PRIMARY KEY, s public.state GENERATED ALWAYS AS (CASE WHEN id = 1 THEN 'a'::public.state ELSE 'b'::public.state END) STORED);
CREATE INDEX t_s ON public.t (s);
CREATE VIEW public.v AS SELECT s FROM public.t;
INSERT INTO public.t VALUES (1), (2);
