CREATE TABLE public.item (id integer PRIMARY KEY, live boolean NOT NULL DEFAULT true);
CREATE TABLE public.live_item (id integer);
