CREATE TABLE public.item (id integer CONSTRAINT item_pk PRIMARY KEY);
CREATE TABLE public.part (item integer REFERENCES public.item);
INSERT INTO public.item VALUES (1);
INSERT INTO public.part VALUES (1);
