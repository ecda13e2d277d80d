CREATE TABLE public.item (id integer);
CREATE INDEX a ON public.item (id);
CREATE INDEX b ON public.item (id);
