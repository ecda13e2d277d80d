CREATE TABLE public.parent (a bigint, b text);
CREATE TABLE public.child (a bigint DEFAULT 2 NOT NULL, c text) INHERITS (public.parent);
CREATE TABLE public.grandchild (a bigint) INHERITS (public.child);
CREATE VIEW public.v AS SELECT a FROM public.child;
