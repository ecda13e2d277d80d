CREATE TABLE public.item (name text COLLATE "C");
