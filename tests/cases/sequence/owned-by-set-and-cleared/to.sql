CREATE TABLE public.item (id integer, n integer);
CREATE SEQUENCE public.a;
CREATE SEQUENCE public.b;
ALTER SEQUENCE public.a OWNED BY public.item.id;
