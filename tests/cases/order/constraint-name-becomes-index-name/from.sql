CREATE TABLE public.item (id integer NOT NULL, n integer);
ALTER TABLE public.item ADD CONSTRAINT thing UNIQUE (id);
