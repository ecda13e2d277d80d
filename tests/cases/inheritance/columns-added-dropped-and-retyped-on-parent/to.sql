CREATE TABLE public.base (id bigint NOT NULL, n integer DEFAULT 2, fresh date NOT NULL DEFAULT '2024-01-01', CONSTRAINT c CHECK (n > -1), CONSTRAINT d CHECK (id > 0) NO INHERIT);
CREATE TABLE public.kid (x text) INHERITS (public.base);
CREATE TABLE public.grand (y text) INHERITS (public.kid);
ALTER TABLE public.kid ALTER COLUMN n SET DEFAULT 5;
