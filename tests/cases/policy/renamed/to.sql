CREATE TABLE public.item (id integer);
CREATE POLICY new_p ON public.item USING (id > 0);
