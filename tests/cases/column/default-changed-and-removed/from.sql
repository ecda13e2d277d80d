CREATE TABLE public.item (id integer DEFAULT 1, name text DEFAULT 'a', tags text[] DEFAULT '{}'::text[]);
