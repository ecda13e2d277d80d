CREATE COLLATION public.c (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
COMMENT ON COLLATION public.c IS 'bytes';
CREATE TABLE public.item (name text COLLATE public.c);
