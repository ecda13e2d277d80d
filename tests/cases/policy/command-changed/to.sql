CREATE TABLE public.item (id integer);
CREATE POLICY a ON public.item FOR DELETE USING (id > 0);
