CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.b (a_id integer, n integer);
INSERT INTO public.b VALUES (7, 1);
ALTER TABLE public.b ADD CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES public.a NOT VALID;
