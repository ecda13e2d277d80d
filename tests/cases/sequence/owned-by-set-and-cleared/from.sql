CREATE TABLE public.item (id integer, n integer);
CREATE SEQUENCE public.a;
CREATE SEQUENCE public.b;
ALTER SEQUENCE public.b OWNED BY public.item.n;
