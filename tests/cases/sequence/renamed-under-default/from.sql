CREATE SEQUENCE public.old_s;
CREATE TABLE public.item (id integer DEFAULT nextval('public.old_s'));
INSERT INTO public.item DEFAULT VALUES;
