CREATE TABLE public.item (a integer, b integer);
ALTER TABLE public.item ADD CONSTRAINT item_u1 UNIQUE (a);
ALTER TABLE public.item ADD CONSTRAINT item_pk PRIMARY KEY (a);
ALTER TABLE public.item ADD CONSTRAINT item_u2 UNIQUE (a) WITH (fillfactor = 80);
INSERT INTO public.item VALUES (1, 2);
