CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE TABLE public.u (id integer PRIMARY KEY, mail citext, h hstore, n integer);
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER t AFTER UPDATE ON public.u FOR EACH ROW WHEN (old.h IS DISTINCT FROM new.h OR old.n > 1) EXECUTE FUNCTION public.f();
CREATE VIEW public.v AS SELECT NULLIF(mail, 'q') AS q, CASE mail WHEN 'a' THEN n END AS c, NULLIF(h, 'a=>1') AS h FROM public.u;
CREATE INDEX i ON public.u ((NULLIF(mail, 'a')), n);
CREATE POLICY p ON public.u USING (mail IS DISTINCT FROM 'a' AND n > 0);
INSERT INTO public.u VALUES (1, 'A', 'a=>1', 1);
