CREATE TABLE public.item (id integer);
CREATE INDEX i ON public.item (id);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.i'::regclass;
