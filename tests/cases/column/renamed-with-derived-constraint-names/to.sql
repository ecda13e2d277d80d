CREATE TABLE public.item (id integer PRIMARY KEY, email text UNIQUE CHECK (email <> ''));
