CREATE TABLE public.item (a integer, c integer NOT NULL);
COMMENT ON COLUMN public.item.c IS 'twice a';
INSERT INTO public.item VALUES (2, 4);
