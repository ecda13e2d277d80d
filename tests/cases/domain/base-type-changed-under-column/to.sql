CREATE DOMAIN public.d AS bigint CHECK (VALUE > 0);
CREATE TABLE public.item (id integer PRIMARY KEY, a public.d DEFAULT 5);
CREATE INDEX item_a ON public.item (a);
CREATE VIEW public.v AS SELECT a FROM public.item;
