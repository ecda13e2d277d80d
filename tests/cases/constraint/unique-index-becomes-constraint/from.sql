CREATE TABLE public.item (id integer, code text);
CREATE UNIQUE INDEX item_code ON public.item (code);
INSERT INTO public.item VALUES (1, 'a');
