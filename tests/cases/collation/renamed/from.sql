CREATE COLLATION public.old_c (LOCALE = 'C');
CREATE TABLE public.item (name text COLLATE public.old_c);
