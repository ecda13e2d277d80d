CREATE TABLE public.item (k text) PARTITION BY LIST (k);
CREATE TABLE public.item_rest PARTITION OF public.item DEFAULT;
INSERT INTO public.item VALUES ('a');
