CREATE TABLE public.item (id integer, up integer);
ALTER TABLE public.item ADD CONSTRAINT item_pk PRIMARY KEY (id) DEFERRABLE;
ALTER TABLE public.item ADD CONSTRAINT item_u UNIQUE (id);
INSERT INTO public.item VALUES (1, 1), (2, 1);
