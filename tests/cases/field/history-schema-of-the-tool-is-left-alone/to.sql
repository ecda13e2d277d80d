CREATE TABLE public.item (id integer);
CREATE TABLE public.more (id integer);
