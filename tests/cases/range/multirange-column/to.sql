CREATE TABLE public.item (a int4multirange);
