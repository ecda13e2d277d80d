CREATE TABLE public.item (id integer);
CREATE TABLE public.box (id integer);
COMMENT ON TABLE public.item IS 'new';
