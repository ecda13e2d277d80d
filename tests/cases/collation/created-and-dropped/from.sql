CREATE COLLATION public.old_c (LOCALE = 'C');
