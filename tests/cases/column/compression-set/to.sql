CREATE TABLE public.item (body text COMPRESSION pglz);
