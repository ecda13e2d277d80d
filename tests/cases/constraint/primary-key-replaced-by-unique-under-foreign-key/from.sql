CREATE TABLE public.p (id integer CONSTRAINT p_pk PRIMARY KEY, code text NOT NULL);
CREATE TABLE public.c (p_id integer CONSTRAINT c_p REFERENCES public.p);
INSERT INTO public.p VALUES (1, 'a');
INSERT INTO public.c VALUES (1);
