CREATE TABLE public.item (s varchar(9));
CREATE VIEW public.v AS SELECT s FROM public.item WHERE s IN ('a', 'b');
