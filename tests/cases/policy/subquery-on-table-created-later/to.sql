CREATE TABLE public.zone (id integer, who text);
CREATE TABLE public.item (id integer);
CREATE POLICY a ON public.item USING (EXISTS (SELECT 1 FROM public.zone z WHERE z.id = item.id AND z.who = current_user));
