CREATE TABLE public.item (a bit varying(4), b bit varying);
