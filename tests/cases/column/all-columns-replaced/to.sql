CREATE TABLE public.item (c date, d boolean);
