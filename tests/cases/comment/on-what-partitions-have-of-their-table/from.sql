CREATE TABLE public.p (id integer PRIMARY KEY);
CREATE TABLE public.t (a integer REFERENCES public.p) PARTITION BY LIST (a);
CREATE TABLE public.t_1 PARTITION OF public.t FOR VALUES IN (1);
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE TRIGGER tg BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.f();
COMMENT ON TRIGGER tg ON public.t IS 'parent';
COMMENT ON TRIGGER tg ON public.t_1 IS 'copy';
COMMENT ON CONSTRAINT t_a_fkey ON public.t IS 'of the table';
COMMENT ON CONSTRAINT t_a_fkey ON public.t_1 IS 'of the copy';
