CREATE TABLE public.parent (a integer);
CREATE TABLE public.child (b text, CONSTRAINT positive CHECK (a > 0)) INHERITS (public.parent);
