CREATE TABLE public.item (id integer, status varchar(20));
CREATE INDEX i ON public.item (id) WHERE ((status)::text = ANY (ARRAY[('a'::varchar)::text, ('b'::varchar)::text])) AND (id <> 3);
