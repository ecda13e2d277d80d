CREATE TABLE public.item (a integer, b integer);
ALTER TABLE public.item ADD CONSTRAINT item_x2 EXCLUDE USING btree (a WITH =);
ALTER TABLE public.item ADD CONSTRAINT item_x3 EXCLUDE USING btree (b WITH =);
ALTER TABLE public.item ADD CONSTRAINT item_x4 EXCLUDE USING btree (b WITH =);
