CREATE TABLE public.p (id integer NOT NULL CONSTRAINT p_id UNIQUE, code text CONSTRAINT p_pk PRIMARY KEY);
CREATE TABLE public.c (p_id integer CONSTRAINT c_p REFERENCES public.p (id), p_code text CONSTRAINT c_code REFERENCES public.p);
