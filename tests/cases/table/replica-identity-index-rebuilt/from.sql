CREATE TABLE public.item (id integer PRIMARY KEY, code text NOT NULL, region text NOT NULL);
CREATE UNIQUE INDEX item_code ON public.item (code);
ALTER TABLE public.item REPLICA IDENTITY USING INDEX item_code;
INSERT INTO public.item VALUES (1, 'a', 'x'), (2, 'b', 'x');
