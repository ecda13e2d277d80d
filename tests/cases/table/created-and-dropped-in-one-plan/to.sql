CREATE TABLE public.new_a (id integer PRIMARY KEY, k text);
CREATE TABLE public.new_b (id integer PRIMARY KEY, a integer REFERENCES public.new_a);
