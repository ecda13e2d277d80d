CREATE TABLE public.node (id integer PRIMARY KEY, parent integer);
CREATE VIEW public.tree AS SELECT id, parent FROM public.node;
