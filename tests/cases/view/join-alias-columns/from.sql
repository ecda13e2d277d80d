CREATE TABLE public.a (id integer, x integer);
CREATE TABLE public.b (id integer, y integer);
CREATE VIEW public.v AS SELECT * FROM (SELECT a.id, a.x FROM public.a) a NATURAL JOIN (SELECT b.id, b.y FROM public.b) b;
