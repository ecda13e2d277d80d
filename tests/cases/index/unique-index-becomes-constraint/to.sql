CREATE TABLE public.i (id integer NOT NULL, a text NOT NULL, b text, CONSTRAINT i_a UNIQUE (a), CONSTRAINT i_id PRIMARY KEY (id) INCLUDE (a));
CREATE TABLE public.r (i_id integer REFERENCES public.i (id));
