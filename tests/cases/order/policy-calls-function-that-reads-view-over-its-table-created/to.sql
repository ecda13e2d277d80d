CREATE TABLE public.item (id integer, owner text);
ALTER TABLE public.item ENABLE ROW LEVEL SECURITY;
CREATE VIEW public.mine AS SELECT id FROM public.item WHERE owner = CURRENT_USER;
CREATE FUNCTION public.is_mine(integer) RETURNS boolean LANGUAGE sql STABLE RETURN EXISTS (SELECT 1 FROM public.mine WHERE id = $1);
CREATE POLICY p ON public.item USING (public.is_mine(id)) WITH CHECK (id IN (SELECT id FROM public.mine));
