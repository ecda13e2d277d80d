CREATE TABLE public.e (id serial NOT NULL, k text, at date NOT NULL DEFAULT now(), PRIMARY KEY (id, at));
CREATE INDEX e_k ON public.e (k);
CREATE VIEW public.v AS SELECT id, k FROM public.e;
INSERT INTO public.e (k, at) VALUES ('a', '2024-01-01');
