CREATE TABLE public.item (id integer);
CREATE INDEX old_i ON public.item (id);
COMMENT ON INDEX public.old_i IS 'x';
INSERT INTO public.item VALUES (1);
