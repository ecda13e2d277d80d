CREATE TABLE public.account (id serial PRIMARY KEY, parent integer REFERENCES public.account, amount integer);
CREATE FUNCTION public.f(public.account) RETURNS public.account LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
CREATE VIEW public.v AS SELECT a.id, a.amount FROM public.account a;
CREATE POLICY p ON public.account USING (EXISTS (SELECT 1 FROM public.account x WHERE x.amount > 0));
CREATE TABLE public.entry (account integer REFERENCES public.account);
CREATE INDEX i ON public.account (amount) WHERE amount > 0;
INSERT INTO public.account (amount) VALUES (1);
INSERT INTO public.entry VALUES (1);
