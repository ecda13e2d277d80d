CREATE TABLE public.item (id integer, name text DEFAULT 'b', tags text[] DEFAULT ARRAY['x'::text, 'y'::text]);
