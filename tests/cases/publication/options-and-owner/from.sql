CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE public.a WITH (publish = 'insert, update');
