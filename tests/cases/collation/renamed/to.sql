CREATE COLLATION public.new_c (LOCALE = 'C');
CREATE TABLE public.item (name text COLLATE public.new_c);
