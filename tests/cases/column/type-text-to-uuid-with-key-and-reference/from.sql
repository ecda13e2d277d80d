CREATE TABLE public.item (id text PRIMARY KEY);
CREATE TABLE public.part (id integer PRIMARY KEY, item_id text REFERENCES public.item);
INSERT INTO public.item VALUES ('6f1d3a1e-0000-4000-8000-000000000001');
INSERT INTO public.part VALUES (1, '6f1d3a1e-0000-4000-8000-000000000001');
