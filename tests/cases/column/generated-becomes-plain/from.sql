CREATE TABLE public.item (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED);
INSERT INTO public.item VALUES (2);
