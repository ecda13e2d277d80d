CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT label, id, amount FROM public.account WHERE amount > 0;
CREATE TABLE public.doc (account integer);
CREATE POLICY p ON public.doc USING (account IN (SELECT id FROM public.live));
