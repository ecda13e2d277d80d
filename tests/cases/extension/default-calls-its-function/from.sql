CREATE TABLE public.item (id uuid);
INSERT INTO public.item VALUES (NULL);
