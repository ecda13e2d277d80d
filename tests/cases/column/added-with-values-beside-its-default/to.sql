CREATE DOMAIN public.code AS text CHECK (VALUE <> '');
CREATE TABLE public.item (
    id integer PRIMARY KEY,
    name text NOT NULL DEFAULT 'new',
    label text DEFAULT 'new',
    state text NOT NULL DEFAULT 'new',
    code public.code NOT NULL
);
CREATE TABLE public.part (id integer, day date, state text NOT NULL DEFAULT 'new', size integer NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE public.part_old PARTITION OF public.part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE public.base (id integer, state text NOT NULL, size integer NOT NULL DEFAULT 2);
CREATE TABLE public.child () INHERITS (public.base);
