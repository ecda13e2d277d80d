CREATE TABLE public.customer (id serial PRIMARY KEY, parent integer REFERENCES public.customer, amount integer);
CREATE FUNCTION public.f(public.customer) RETURNS public.customer LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
CREATE VIEW public.v AS SELECT a.id, a.amount FROM public.customer a;
CREATE POLICY p ON public.customer USING (EXISTS (SELECT 1 FROM public.customer x WHERE x.amount > 0));
CREATE TABLE public.entry (account integer REFERENCES public.customer);
CREATE INDEX i ON public.customer (amount) WHERE amount > 0;
