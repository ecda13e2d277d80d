CREATE TABLE public.item (id integer);
CREATE POLICY p ON public.item USING (true);
ALTER TABLE public.item ENABLE ROW LEVEL SECURITY;
INSERT INTO public.item VALUES (1);
