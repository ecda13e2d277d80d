CREATE TABLE public.item (a integer, b integer, PRIMARY KEY (b, a));
