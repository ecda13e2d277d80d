CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT id, amount, label FROM public.account WHERE amount > 0;
CREATE TABLE public.doc (n integer, c public.live);
INSERT INTO public.account VALUES (1, 10, 'a');
