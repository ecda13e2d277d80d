CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.b (a_id integer);
ALTER TABLE public.b ADD CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES public.a NOT VALID;
ALTER TABLE public.b VALIDATE CONSTRAINT b_a;
