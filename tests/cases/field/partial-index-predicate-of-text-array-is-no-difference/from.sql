CREATE TABLE public.item (id integer, s varchar(20), t text);
CREATE INDEX i ON public.item (id) WHERE s IN ('a', 'b') AND t IN ('x', 'y');
