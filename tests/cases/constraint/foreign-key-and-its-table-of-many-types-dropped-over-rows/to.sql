CREATE TYPE public.mood AS ENUM ('a', 'b');
CREATE TABLE public.org (id integer PRIMARY KEY);
CREATE TABLE public.project (id integer PRIMARY KEY, template integer);
