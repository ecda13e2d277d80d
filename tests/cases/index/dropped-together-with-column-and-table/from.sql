CREATE TABLE public.i (id integer, a text);
CREATE INDEX i_a ON public.i (a);
CREATE INDEX i_ida ON public.i (id, a);
CREATE TABLE public.gone (id integer, b text);
CREATE INDEX gone_b ON public.gone (b);
