CREATE TABLE public.item (a integer PRIMARY KEY);
