CREATE TABLE public.a (id integer CHECK (id > 0), n integer CONSTRAINT named CHECK (n < 9));
CREATE TABLE public.child () INHERITS (public.a);
COMMENT ON CONSTRAINT named ON public.child IS 'goes';
COMMENT ON CONSTRAINT named ON public.a IS 'the parent''s';
CREATE TABLE public.p (id integer CONSTRAINT positive CHECK (id > 0)) PARTITION BY RANGE (id);
CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (1) TO (10);
COMMENT ON CONSTRAINT positive ON public.p1 IS 'before';
