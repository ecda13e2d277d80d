CREATE TABLE public.item (id integer PRIMARY KEY, given_name text DEFAULT 'x', CONSTRAINT item_first_name_check CHECK (given_name <> ''));
CREATE INDEX item_first ON public.item (lower(given_name)) WHERE given_name IS NOT NULL;
