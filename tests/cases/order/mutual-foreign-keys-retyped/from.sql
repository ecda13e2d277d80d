CREATE TABLE public.a (id integer PRIMARY KEY, b integer);
CREATE TABLE public.b (id integer PRIMARY KEY, a integer REFERENCES public.a);
ALTER TABLE public.a ADD FOREIGN KEY (b) REFERENCES public.b;
INSERT INTO public.a VALUES (1, NULL);
INSERT INTO public.b VALUES (1, 1);
UPDATE public.a SET b = 1;
