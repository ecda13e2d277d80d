CREATE TABLE public.item (id integer NOT NULL, code text NOT NULL, more text);
CREATE UNIQUE INDEX item_code ON public.item (code) WITH (fillfactor=70);
CREATE UNIQUE INDEX item_id ON public.item (id);
ALTER TABLE public.item CLUSTER ON item_id;
ALTER TABLE public.item REPLICA IDENTITY USING INDEX item_code;
CREATE TABLE public.line (item integer CONSTRAINT line_item REFERENCES public.item (id));
INSERT INTO public.item VALUES (1, 'a');
INSERT INTO public.line VALUES (1);
