CREATE TABLE public.i (id integer NOT NULL, a text NOT NULL);
CREATE UNIQUE INDEX i_u ON public.i (id, a);
CREATE INDEX i_a ON public.i (a DESC);
ALTER TABLE public.i CLUSTER ON i_a;
ALTER TABLE public.i REPLICA IDENTITY USING INDEX i_u;
COMMENT ON INDEX public.i_u IS 'u2';
COMMENT ON INDEX public.i_a IS 'a';
