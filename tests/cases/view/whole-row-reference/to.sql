CREATE TABLE public.item (id integer, name text, n integer);
CREATE VIEW public.v AS SELECT to_jsonb(i) AS doc FROM public.item i;
