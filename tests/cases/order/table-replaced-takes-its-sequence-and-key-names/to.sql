CREATE SEQUENCE public.kind_pk_seq AS integer;
CREATE TABLE public.new_kind (
    pk integer NOT NULL DEFAULT nextval('public.kind_pk_seq') CONSTRAINT kind_pkey PRIMARY KEY,
    abbreviation text,
    code text,
    CONSTRAINT kind_code_key UNIQUE (abbreviation, code)
);
ALTER SEQUENCE public.kind_pk_seq OWNED BY public.new_kind.pk;
