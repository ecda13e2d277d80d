CREATE TABLE public.item (id integer, name varchar(20));
