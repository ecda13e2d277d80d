CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE EXTENSION ltree;
CREATE DOMAIN public.price AS numeric(10,2);
CREATE TYPE public.span AS RANGE (subtype = float8);
CREATE TABLE public.item (id integer PRIMARY KEY);
