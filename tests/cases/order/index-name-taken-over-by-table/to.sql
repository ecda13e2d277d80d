CREATE TABLE public.item (id integer);
CREATE TABLE public.thing (id integer);
