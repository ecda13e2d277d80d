CREATE TABLE public.item (id integer, owner text);
CREATE POLICY a ON public.item USING (id > 0);
