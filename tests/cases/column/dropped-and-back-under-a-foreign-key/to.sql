CREATE TABLE public.person (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE public.place (country text, town integer, PRIMARY KEY (country, town));
CREATE TABLE public.visit (id integer PRIMARY KEY, country text NOT NULL);
