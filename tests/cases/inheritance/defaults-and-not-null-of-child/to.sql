CREATE TABLE public.base (id integer DEFAULT 1, n integer);
CREATE TABLE public.special () INHERITS (public.base);
ALTER TABLE public.special ALTER id SET DEFAULT 2, ALTER n SET NOT NULL;
