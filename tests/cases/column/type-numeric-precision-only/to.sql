CREATE TABLE public.item (price numeric(12,4), rate numeric(6,3));
