CREATE TABLE public.item (name text, code varchar(9));
CREATE INDEX item_name ON public.item (name);
INSERT INTO public.item VALUES ('a', 'b');
