CREATE TABLE public.item (id integer, up integer);
ALTER TABLE public.item ADD CONSTRAINT item_pk PRIMARY KEY (id) DEFERRABLE;
ALTER TABLE public.item ADD CONSTRAINT item_u UNIQUE (id);
ALTER TABLE public.item ADD CONSTRAINT item_fk FOREIGN KEY (up) REFERENCES public.item (id);
