CREATE TABLE public.item (id integer);
CREATE POLICY a ON public.item TO case_reader USING (id > 0);
CREATE POLICY b ON public.item USING (id > 0);
