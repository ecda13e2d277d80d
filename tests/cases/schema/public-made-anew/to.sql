CREATE SCHEMA app;
CREATE TABLE public.note (id integer PRIMARY KEY);
