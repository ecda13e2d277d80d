CREATE TABLE public.item (id integer, name varchar(10) DEFAULT 'x');
CREATE INDEX item_name ON public.item (name);
INSERT INTO public.item VALUES (1, 'a');
