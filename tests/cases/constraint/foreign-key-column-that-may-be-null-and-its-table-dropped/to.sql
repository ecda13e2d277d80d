CREATE TABLE public.project (id integer PRIMARY KEY);
