CREATE TABLE public.a (id integer, n integer);
CREATE TABLE public.b (id integer);
CREATE SEQUENCE public.s1 OWNED BY public.b.id;
CREATE SEQUENCE public.s2;
CREATE SEQUENCE public.s3 OWNED BY public.a.n;
ALTER TABLE public.b ALTER COLUMN id SET DEFAULT nextval('public.s1');
