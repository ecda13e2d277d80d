CREATE TABLE public.node (id integer PRIMARY KEY, parent integer);
CREATE RECURSIVE VIEW public.tree (id, parent) AS SELECT id, parent FROM public.node WHERE parent IS NULL UNION ALL SELECT n.id, n.parent FROM public.node n JOIN tree t ON n.parent = t.id;
