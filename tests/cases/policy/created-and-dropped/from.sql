CREATE TABLE public.item (id integer, owner text);
ALTER TABLE public.item ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON public.item USING (owner = current_user);
