CREATE SEQUENCE public.new_s;
CREATE TABLE public.item (id integer DEFAULT nextval('public.new_s'));
