CREATE TABLE public.item (id integer, PRIMARY KEY (id) WITH (fillfactor = 90));
