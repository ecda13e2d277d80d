CREATE TABLE public.parent (a integer, b text);
CREATE TABLE public.child (a integer DEFAULT 1 NOT NULL, c text) INHERITS (public.parent);
CREATE TABLE public.grandchild (a integer) INHERITS (public.child);
CREATE VIEW public.v AS SELECT a FROM public.child;
INSERT INTO public.child VALUES (4, 'b', 'c');
