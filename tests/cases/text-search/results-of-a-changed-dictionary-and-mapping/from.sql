CREATE TEXT SEARCH DICTIONARY public.words (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION public.search (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION public.search ADD MAPPING FOR asciiword WITH public.words;
CREATE TABLE public.doc (body text, v tsvector GENERATED ALWAYS AS (to_tsvector('public.search', body)) STORED);
CREATE INDEX doc_body ON public.doc USING gin (to_tsvector('public.search', body));
INSERT INTO public.doc VALUES ('the word');
