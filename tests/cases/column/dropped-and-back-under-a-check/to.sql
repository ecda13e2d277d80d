CREATE DOMAIN public.code AS text CHECK (VALUE ~ '^[A-Z]+$');
CREATE DOMAIN public.share AS numeric CHECK (VALUE > 0) CHECK (VALUE <= 1);
CREATE TABLE public.item (id integer PRIMARY KEY, kept integer NOT NULL);
