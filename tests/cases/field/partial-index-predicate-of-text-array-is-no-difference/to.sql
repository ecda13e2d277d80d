CREATE TABLE public.item (id integer, s varchar(20), t text);
CREATE INDEX i ON public.item (id) WHERE (s)::text = ANY ((ARRAY['a'::varchar, 'b'::varchar])::text[]) AND t = ANY (ARRAY['x'::text, 'y'::text]);
