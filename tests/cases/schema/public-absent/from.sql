CREATE TABLE public.note (id integer PRIMARY KEY, body text);
CREATE TABLE public.left_over (id integer);
