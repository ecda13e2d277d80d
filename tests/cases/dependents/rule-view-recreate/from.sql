CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT id, amount, label FROM public.account WHERE amount > 0;
CREATE RULE r AS ON INSERT TO public.live DO INSTEAD INSERT INTO public.account VALUES (NEW.id, NEW.amount, NEW.label);
INSERT INTO public.account VALUES (1, 10, 'a');
