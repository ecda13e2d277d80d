CREATE TABLE public.item (id integer, "ID" integer);
CREATE TABLE public."Item" (id integer);
