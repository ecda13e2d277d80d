CREATE TABLE public.item (id integer, name text, note text DEFAULT 'x' NOT NULL);
INSERT INTO public.item VALUES (1, 'a', 'b');
