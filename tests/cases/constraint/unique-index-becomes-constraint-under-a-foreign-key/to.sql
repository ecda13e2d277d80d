CREATE TABLE public.item (id integer CONSTRAINT item_id PRIMARY KEY, code text NOT NULL, more text, CONSTRAINT item_code UNIQUE (code) WITH (fillfactor=70));
ALTER TABLE public.item CLUSTER ON item_id;
ALTER TABLE public.item REPLICA IDENTITY USING INDEX item_code;
CREATE TABLE public.line (item integer CONSTRAINT line_item REFERENCES public.item (id));
