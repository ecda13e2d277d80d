CREATE TABLE public.item (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED NOT NULL);
COMMENT ON COLUMN public.item.c IS 'twice a';
