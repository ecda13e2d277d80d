CREATE TABLE public.item (n integer PRIMARY KEY, CONSTRAINT ok CHECK (n > 0));
COMMENT ON CONSTRAINT ok ON public.item IS 'b';
COMMENT ON CONSTRAINT item_pkey ON public.item IS 'the key';
