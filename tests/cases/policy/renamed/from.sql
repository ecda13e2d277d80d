CREATE TABLE public.item (id integer);
CREATE POLICY old_p ON public.item USING (id > 0);
