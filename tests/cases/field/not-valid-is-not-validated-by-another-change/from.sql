CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.b (a integer, n integer);
INSERT INTO public.b VALUES (1, -1);
ALTER TABLE public.b ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES public.a NOT VALID, ADD CONSTRAINT ck CHECK (n > 0) NOT VALID;
