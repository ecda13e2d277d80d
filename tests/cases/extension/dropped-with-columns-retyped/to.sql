CREATE TABLE public.item (name text DEFAULT 'x' UNIQUE);
