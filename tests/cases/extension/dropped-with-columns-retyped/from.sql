CREATE EXTENSION citext;
CREATE TABLE public.item (name citext DEFAULT 'x' UNIQUE);
INSERT INTO public.item VALUES ('A'), ('b');
