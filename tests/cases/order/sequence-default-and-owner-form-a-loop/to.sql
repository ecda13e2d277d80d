CREATE SEQUENCE public.z_seq;
CREATE TABLE public.a (id integer DEFAULT nextval('public.z_seq'), n integer);
ALTER SEQUENCE public.z_seq OWNED BY public.a.n;
