CREATE TABLE public.item (name text COLLATE "C", code varchar(9) COLLATE "POSIX");
CREATE INDEX item_name ON public.item (name);
