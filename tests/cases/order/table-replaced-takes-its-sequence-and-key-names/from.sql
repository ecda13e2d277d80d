-- The table that is dropped owns the sequence that the new one goes on with, under the same constraint names.
CREATE TABLE public.old_kind (pk serial CONSTRAINT kind_pkey PRIMARY KEY, code text CONSTRAINT kind_code_key UNIQUE);
ALTER SEQUENCE public.old_kind_pk_seq RENAME TO kind_pk_seq;
INSERT INTO public.old_kind (code) VALUES ('a'), ('b');
