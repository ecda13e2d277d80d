CREATE TABLE public.a (t integer, id integer, PRIMARY KEY (t, id));
CREATE TABLE public.b (t integer, a integer, FOREIGN KEY (t, a) REFERENCES public.a MATCH FULL);
