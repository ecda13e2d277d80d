CREATE SEQUENCE public.s;
CREATE TABLE public.item (id integer DEFAULT nextval('public.s'), n integer);
ALTER SEQUENCE public.s OWNED BY public.item.id;
INSERT INTO public.item (n) VALUES (1);
