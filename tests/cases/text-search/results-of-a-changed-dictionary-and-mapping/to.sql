CREATE TEXT SEARCH DICTIONARY public.words (TEMPLATE = pg_catalog.simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION public.search (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION public.search ADD MAPPING FOR asciiword WITH public.words;
ALTER TEXT SEARCH CONFIGURATION public.search ADD MAPPING FOR word WITH simple;
CREATE TABLE public.doc (body text, v tsvector GENERATED ALWAYS AS (to_tsvector('public.search', body)) STORED);
CREATE INDEX doc_body ON public.doc USING gin (to_tsvector('public.search', body));
