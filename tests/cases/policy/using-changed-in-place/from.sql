CREATE TABLE public.item (id integer, owner text);
CREATE POLICY a ON public.item FOR SELECT USING (owner = current_user);
