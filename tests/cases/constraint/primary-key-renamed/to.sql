CREATE TABLE public.item (id integer PRIMARY KEY);
CREATE TABLE public.part (item integer REFERENCES public.item);
