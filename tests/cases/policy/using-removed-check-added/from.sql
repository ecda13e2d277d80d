CREATE TABLE public.item (id integer, owner text);
CREATE POLICY a ON public.item FOR UPDATE USING (id > 0);
