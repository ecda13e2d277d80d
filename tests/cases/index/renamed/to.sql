CREATE TABLE public.item (id integer);
CREATE INDEX new_i ON public.item (id);
COMMENT ON INDEX public.new_i IS 'x';
