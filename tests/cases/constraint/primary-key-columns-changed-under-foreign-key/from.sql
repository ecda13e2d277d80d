CREATE TABLE public.item (tenant integer NOT NULL, id integer NOT NULL, PRIMARY KEY (id), UNIQUE (tenant, id));
CREATE TABLE public.part (tenant integer, item integer, FOREIGN KEY (item) REFERENCES public.item);
INSERT INTO public.item VALUES (1, 1), (1, 2);
INSERT INTO public.part VALUES (1, 2);
