CREATE TABLE public.parent (a integer, b integer CHECK (b > 0));
CREATE TABLE public.child (f integer) INHERITS (public.parent);
INSERT INTO public.child VALUES (1, 2, 3);
