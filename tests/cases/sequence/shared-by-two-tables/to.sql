CREATE SEQUENCE public.s;
CREATE TABLE public.a (id integer DEFAULT nextval('public.s'));
CREATE TABLE public.b (id bigint DEFAULT nextval('public.s'), s text DEFAULT currval('public.s')::text);
