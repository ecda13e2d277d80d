CREATE TABLE public.template (id integer PRIMARY KEY, j jsonb NOT NULL, u uuid NOT NULL);
CREATE TABLE public.project (id integer PRIMARY KEY, template integer REFERENCES public.template (id));
INSERT INTO public.template VALUES (1, '1', gen_random_uuid());
INSERT INTO public.project VALUES (1, 1), (2, 1);
