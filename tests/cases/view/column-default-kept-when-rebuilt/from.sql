CREATE TABLE public.item (id integer, state text);
CREATE VIEW public.v AS SELECT id, state FROM public.item;
ALTER VIEW public.v ALTER COLUMN state SET DEFAULT 'new';
