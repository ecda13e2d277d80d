CREATE TYPE public.name AS (last text, first text);
CREATE DOMAIN public.known AS public.name;
CREATE TYPE public.person AS (n public.name, age integer);
CREATE TABLE public.t (
    id integer PRIMARY KEY,
    many public.name[] CHECK ((many[1]).first = 'Ada' AND cardinality(many) = 2),
    k public.known CHECK ((k).first = 'Ada'),
    p public.person CHECK (((p).n).first = 'Ada' AND (p).age = 36)
);
