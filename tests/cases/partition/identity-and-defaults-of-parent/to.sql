CREATE SEQUENCE public.e_seq;
CREATE TABLE public.e (id bigint NOT NULL DEFAULT nextval('public.e_seq'), k text NOT NULL DEFAULT 'n/a', CHECK (k <> '')) PARTITION BY HASH (id);
CREATE TABLE public.e_0 PARTITION OF public.e FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE public.e_1 PARTITION OF public.e FOR VALUES WITH (MODULUS 2, REMAINDER 1);
ALTER SEQUENCE public.e_seq OWNED BY public.e.id;
