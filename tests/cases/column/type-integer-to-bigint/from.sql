CREATE TABLE public.item (id integer PRIMARY KEY, n smallint NOT NULL);
INSERT INTO public.item VALUES (1, 2);
