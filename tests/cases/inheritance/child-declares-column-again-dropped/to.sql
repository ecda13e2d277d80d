CREATE TABLE public.parent (a integer);
CREATE TABLE public.child () INHERITS (public.parent);
