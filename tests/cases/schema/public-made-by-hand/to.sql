DROP SCHEMA public;
CREATE SCHEMA public;
CREATE TABLE public.note (id integer PRIMARY KEY);
