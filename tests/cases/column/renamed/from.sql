CREATE TABLE public.item (id integer PRIMARY KEY, first_name text DEFAULT 'x' CHECK (first_name <> ''));
CREATE INDEX item_first ON public.item (lower(first_name)) WHERE first_name IS NOT NULL;
INSERT INTO public.item VALUES (1, 'a');
