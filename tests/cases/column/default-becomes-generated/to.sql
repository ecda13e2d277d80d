CREATE TABLE public.item (a integer, b integer GENERATED ALWAYS AS (a + 4) STORED);
