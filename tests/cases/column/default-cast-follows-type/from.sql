CREATE TABLE public.item (id integer, state text DEFAULT 'on');
INSERT INTO public.item VALUES (1, 'on'), (2, 'off');
