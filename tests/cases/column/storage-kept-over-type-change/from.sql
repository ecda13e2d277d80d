CREATE TABLE public.item (body varchar(100));
ALTER TABLE public.item ALTER body SET STORAGE EXTERNAL, ALTER body SET STATISTICS 500, ALTER body SET (n_distinct = 50);
COMMENT ON COLUMN public.item.body IS 'kept';
INSERT INTO public.item VALUES ('a');
