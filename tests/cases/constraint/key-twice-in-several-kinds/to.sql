CREATE TABLE public.item (a integer, b integer);
ALTER TABLE public.item ADD CONSTRAINT item_pk PRIMARY KEY (a);
ALTER TABLE public.item ADD CONSTRAINT item_u3 UNIQUE (b);
ALTER TABLE public.item ADD CONSTRAINT item_u4 UNIQUE (b);
CREATE TABLE public.other (a integer);
ALTER TABLE public.other ADD CONSTRAINT other_u UNIQUE (a);
ALTER TABLE public.other ADD CONSTRAINT other_pk PRIMARY KEY (a);
