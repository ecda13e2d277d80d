CREATE TABLE public.item (id integer, name text);
CREATE VIEW public.v AS SELECT id, name AS title FROM public.item;
CREATE VIEW public.w AS SELECT title AS name FROM public.v;
