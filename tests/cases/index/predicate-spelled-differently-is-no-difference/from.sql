CREATE TABLE public.item (id integer, status varchar(20));
CREATE INDEX i ON public.item (id) WHERE status IN ('a', 'b') AND id != 3;
