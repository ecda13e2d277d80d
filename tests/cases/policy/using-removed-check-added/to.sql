CREATE TABLE public.item (id integer, owner text);
CREATE POLICY a ON public.item FOR UPDATE WITH CHECK (id > 0);
