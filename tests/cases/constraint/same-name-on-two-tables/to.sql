CREATE TABLE public.a (n integer, CONSTRAINT positive CHECK (n > 1));
CREATE TABLE public.b (n integer, CONSTRAINT positive CHECK (n > 0));
COMMENT ON CONSTRAINT positive ON public.b IS 'the other';
