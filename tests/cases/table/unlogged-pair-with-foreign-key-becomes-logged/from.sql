CREATE UNLOGGED TABLE public.parent (id integer PRIMARY KEY);
CREATE UNLOGGED TABLE public.child (id integer PRIMARY KEY, parent_id integer REFERENCES public.parent);
INSERT INTO public.parent VALUES (1);
INSERT INTO public.child VALUES (1, 1);
