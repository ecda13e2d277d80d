CREATE TABLE public.item (id bigint);
ALTER TABLE public.item ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON public.item AS RESTRICTIVE FOR UPDATE TO case_reader USING (id > 0) WITH CHECK (id > 1);
