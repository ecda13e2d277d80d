CREATE FUNCTION public.month(date) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT to_char($1::timestamp, ''MM'')';
CREATE TABLE public.e (at date) PARTITION BY LIST (public.month(at));
CREATE TABLE public.e_01 PARTITION OF public.e FOR VALUES IN ('01');
CREATE VIEW public.v AS SELECT at FROM public.e;
CREATE FUNCTION public.f(public.v) RETURNS date LANGUAGE sql RETURN ($1).at;
