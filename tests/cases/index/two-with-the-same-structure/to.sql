CREATE TABLE public.item (id integer);
CREATE INDEX b ON public.item (id);
CREATE INDEX c ON public.item (id);
