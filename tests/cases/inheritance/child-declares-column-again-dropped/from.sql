CREATE TABLE public.parent (a integer, b text);
CREATE TABLE public.child (b text DEFAULT 'x') INHERITS (public.parent);
