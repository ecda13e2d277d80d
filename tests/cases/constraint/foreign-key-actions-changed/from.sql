CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.b (a_id integer REFERENCES public.a ON DELETE CASCADE, c_id integer DEFAULT 1 REFERENCES public.a ON UPDATE RESTRICT);
INSERT INTO public.a VALUES (1);
INSERT INTO public.b VALUES (1, 1);
