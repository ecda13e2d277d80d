CREATE TABLE public.item (a integer, b integer);
ALTER TABLE public.item ADD CONSTRAINT item_pkey PRIMARY KEY (a, b);
ALTER TABLE public.item ADD CONSTRAINT item_a_b_key UNIQUE (a, b);
INSERT INTO public.item VALUES (1, 2);
