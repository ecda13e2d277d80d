CREATE TABLE public.item (tenant integer NOT NULL, id integer NOT NULL, PRIMARY KEY (tenant, id));
CREATE TABLE public.part (tenant integer, item integer, FOREIGN KEY (tenant, item) REFERENCES public.item);
