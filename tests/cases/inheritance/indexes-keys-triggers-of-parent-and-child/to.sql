CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';

CREATE TABLE public.base (id integer, n integer UNIQUE);
CREATE TABLE public.kid (x text, PRIMARY KEY (id), UNIQUE (x)) INHERITS (public.base);
CREATE INDEX kid_n ON public.kid (n);
CREATE TRIGGER t AFTER INSERT ON public.base FOR EACH ROW EXECUTE FUNCTION public.f();
CREATE TRIGGER t AFTER INSERT ON public.kid FOR EACH ROW EXECUTE FUNCTION public.f();
