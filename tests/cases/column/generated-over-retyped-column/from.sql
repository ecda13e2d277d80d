CREATE TABLE public.item (a integer, b text GENERATED ALWAYS AS (a::text) STORED UNIQUE);
INSERT INTO public.item VALUES (2);
