CREATE TABLE public.item (id integer);
CREATE POLICY a ON public.item FOR ALL USING (id > 0);
