CREATE TEXT SEARCH CONFIGURATION public.c (COPY = english);
CREATE TABLE public.doc (body text, tsv tsvector GENERATED ALWAYS AS (to_tsvector('public.c'::regconfig, body)) STORED);
CREATE INDEX doc_tsv ON public.doc USING gin (tsv);
