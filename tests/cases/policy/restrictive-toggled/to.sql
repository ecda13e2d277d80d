CREATE TABLE public.item (id integer);
CREATE POLICY a ON public.item AS RESTRICTIVE USING (id > 0);
CREATE POLICY b ON public.item USING (id > 0);
