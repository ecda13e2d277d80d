CREATE TYPE public.mood AS ENUM ('a', 'b');
CREATE TABLE public.org (id integer PRIMARY KEY);
CREATE TABLE public.template (id integer PRIMARY KEY, j json NOT NULL, b jsonb NOT NULL, x xml NOT NULL, p point NOT NULL, t timestamptz NOT NULL, u uuid NOT NULL,
    m public.mood NOT NULL, name text NOT NULL UNIQUE, c integer NOT NULL CHECK (c > 0), org integer NOT NULL REFERENCES public.org (id));
CREATE TABLE public.project (id integer PRIMARY KEY, template integer REFERENCES public.template (id));
INSERT INTO public.org VALUES (7);
INSERT INTO public.template SELECT n, '1', '1', '<a/>', '(1,1)', now(), gen_random_uuid(), 'b', n::text, n, 7 FROM generate_series(1, 3) n;
INSERT INTO public.project VALUES (1, 1), (2, 2), (3, 2), (4, NULL);
