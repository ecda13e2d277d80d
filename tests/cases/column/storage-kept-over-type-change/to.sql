CREATE TABLE public.item (body text);
ALTER TABLE public.item ALTER body SET STORAGE EXTERNAL, ALTER body SET STATISTICS 500, ALTER body SET (n_distinct = 50);
COMMENT ON COLUMN public.item.body IS 'kept';
