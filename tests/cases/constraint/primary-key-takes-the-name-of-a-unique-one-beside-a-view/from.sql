CREATE TABLE public.t (a integer, b integer, c integer);
ALTER TABLE public.t ADD CONSTRAINT old PRIMARY KEY (a, b);
ALTER TABLE public.t ADD CONSTRAINT u67 UNIQUE (b, a) INCLUDE (c);
CREATE VIEW public.v AS SELECT c FROM public.t GROUP BY a, b;
