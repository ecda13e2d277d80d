CREATE TABLE public.item (id integer, body jsonb DEFAULT '{}'::jsonb NOT NULL);
