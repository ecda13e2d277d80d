CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE EXTENSION ltree;
CREATE DOMAIN public.price AS numeric(10,2);
CREATE TYPE public.span AS RANGE (subtype = float8);
CREATE TABLE public.item (
    id integer PRIMARY KEY,
    a bit(3) NOT NULL,
    b bit varying(5) NOT NULL,
    c macaddr NOT NULL,
    d point NOT NULL,
    e box NOT NULL,
    f circle NOT NULL,
    g polygon NOT NULL,
    h line NOT NULL,
    i int4range NOT NULL,
    j public.span NOT NULL,
    k tsquery NOT NULL,
    l xml NOT NULL,
    m pg_lsn NOT NULL,
    n regclass NOT NULL,
    o public.price NOT NULL,
    p public.citext NOT NULL,
    q public.hstore NOT NULL,
    r public.ltree NOT NULL,
    s money NOT NULL,
    t interval NOT NULL,
    u cidr NOT NULL,
    v int8multirange NOT NULL,
    w "char" NOT NULL
);
INSERT INTO public.item VALUES (1, '101', '1', '08:00:2b:01:02:03', '(1,1)', '(1,1),(2,2)', '<(1,1),1>', '((0,0),(1,1))',
    '{1,2,3}', '[1,2)', '[1,2)', 'a', '<a/>', '0/1', 'pg_class', 1, 'a', 'a=>1', 'a.b', 1, '1 day', '10.0.0.0/8', '{[1,2)}', 'x');
