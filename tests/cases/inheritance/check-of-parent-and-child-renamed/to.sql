CREATE TABLE public.parent (a integer, CONSTRAINT d1 CHECK (a > 0));
CREATE TABLE public.child (a integer, CONSTRAINT d1 CHECK (a > 0)) INHERITS (public.parent);
