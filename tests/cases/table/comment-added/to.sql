CREATE TABLE public.item (id integer);
COMMENT ON TABLE public.item IS 'It''s a "table" with \ and
two lines';
