CREATE TABLE public.parent (a integer, CONSTRAINT c1 CHECK (a > 0));
CREATE TABLE public.child (a integer, CONSTRAINT c1 CHECK (a > 0)) INHERITS (public.parent);
INSERT INTO public.child VALUES (1);
