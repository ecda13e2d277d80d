CREATE TABLE public.item (id integer, owner text);
CREATE POLICY a ON public.item FOR SELECT USING (owner = session_user OR id = 0);
