CREATE TABLE public.item (id integer, key uuid NOT NULL DEFAULT gen_random_uuid());
