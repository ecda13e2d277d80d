CREATE TABLE public.item (id integer PRIMARY KEY, live boolean NOT NULL DEFAULT true);
CREATE VIEW public.live_item AS SELECT id FROM public.item WHERE live;
