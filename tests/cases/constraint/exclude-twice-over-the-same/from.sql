CREATE TABLE public.item (a integer, b integer);
ALTER TABLE public.item ADD CONSTRAINT item_x1 EXCLUDE USING btree (a WITH =);
ALTER TABLE public.item ADD CONSTRAINT item_x2 EXCLUDE USING btree (a WITH =);
INSERT INTO public.item VALUES (1, 2);
