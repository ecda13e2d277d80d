CREATE TABLE public.item (a bigint, b text GENERATED ALWAYS AS (a::text) STORED UNIQUE);
