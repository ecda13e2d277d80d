CREATE TABLE public.item (id bigint PRIMARY KEY);
INSERT INTO public.item VALUES (1), (2147483648);
