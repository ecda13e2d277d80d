CREATE TABLE public.item (code varchar(4));
