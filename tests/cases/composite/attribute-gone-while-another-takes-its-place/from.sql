CREATE TYPE public.address AS (road text, zip text);
CREATE TABLE public.users (id int PRIMARY KEY, home public.address);
INSERT INTO public.users VALUES (1, ROW('r', 'z')), (2, NULL);
