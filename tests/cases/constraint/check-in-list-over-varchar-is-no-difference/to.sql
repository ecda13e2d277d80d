CREATE TABLE public.item (s varchar(9), CONSTRAINT ok CHECK ((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])));
