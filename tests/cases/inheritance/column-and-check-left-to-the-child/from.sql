CREATE TABLE public.parent (a integer, b text, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE public.child () INHERITS (public.parent);
INSERT INTO public.child VALUES (1, 'x');
