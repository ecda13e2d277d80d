CREATE SEQUENCE public.s;
CREATE TABLE public.item (n integer DEFAULT nextval('public.s'));
