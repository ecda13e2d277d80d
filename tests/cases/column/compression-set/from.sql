CREATE TABLE public.item (body text);
