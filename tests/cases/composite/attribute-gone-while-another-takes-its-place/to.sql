CREATE TYPE public.address AS (street text, zip text);
CREATE TABLE public.users (id int PRIMARY KEY, home public.address);
