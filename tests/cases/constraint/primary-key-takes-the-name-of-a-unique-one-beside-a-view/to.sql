CREATE TABLE public.t (a integer, b integer, c integer);
ALTER TABLE public.t ADD CONSTRAINT u67 PRIMARY KEY (b, a) INCLUDE (c);
CREATE VIEW public.v AS SELECT c FROM public.t GROUP BY b, a;
