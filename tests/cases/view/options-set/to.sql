CREATE TABLE public.item (id integer, live boolean);
CREATE VIEW public.v WITH (security_barrier = true) AS SELECT id, live FROM public.item WHERE live WITH LOCAL CHECK OPTION;
