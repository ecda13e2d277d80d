CREATE TABLE public.item (id integer, a integer, b integer, CHECK (a < b), UNIQUE (a, b));
CREATE INDEX item_b ON public.item (b) WHERE a IS NOT NULL;
INSERT INTO public.item VALUES (1, 2, 3);
