CREATE TABLE public.item (id integer);
CREATE POLICY p ON public.item USING (true);
