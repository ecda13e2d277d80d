CREATE TABLE public.item (code char(4));
INSERT INTO public.item VALUES ('ab');
