CREATE TABLE public.person (id integer PRIMARY KEY, name varchar(20));
INSERT INTO public.person VALUES (1, 'a');
