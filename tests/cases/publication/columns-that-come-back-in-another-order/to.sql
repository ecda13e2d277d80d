CREATE TABLE public.t (b text, a text);
CREATE TABLE public.other (id integer);
