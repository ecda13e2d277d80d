CREATE TABLE public.item (n integer PRIMARY KEY, CONSTRAINT ok CHECK (n > 0));
COMMENT ON CONSTRAINT ok ON public.item IS 'a';
