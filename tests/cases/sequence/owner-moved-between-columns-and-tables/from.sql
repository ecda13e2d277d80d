CREATE TABLE public.a (id integer, n integer);
CREATE TABLE public.b (id integer);
CREATE SEQUENCE public.s1 OWNED BY public.a.id;
CREATE SEQUENCE public.s2 OWNED BY public.a.n;
CREATE SEQUENCE public.s3;
ALTER TABLE public.a ALTER COLUMN id SET DEFAULT nextval('public.s1');
