CREATE TABLE public.parent (a integer, b2 integer CHECK (b2 > 0));
CREATE TABLE public.child (f integer) INHERITS (public.parent);
