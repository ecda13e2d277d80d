CREATE TABLE public.item (id integer, owner text);
ALTER TABLE public.item ENABLE ROW LEVEL SECURITY;
CREATE POLICY b ON public.item FOR INSERT TO case_writer, case_owner WITH CHECK (owner = current_user);
COMMENT ON POLICY b ON public.item IS 'own rows';
