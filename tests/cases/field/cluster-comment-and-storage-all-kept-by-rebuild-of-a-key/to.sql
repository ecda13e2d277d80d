CREATE TABLE public.item (id integer, body text, CONSTRAINT k PRIMARY KEY (id) INCLUDE (body));
ALTER TABLE public.item CLUSTER ON k;
ALTER TABLE public.item REPLICA IDENTITY FULL;
ALTER TABLE public.item ALTER body SET STORAGE EXTERNAL;
COMMENT ON CONSTRAINT k ON public.item IS 'key';
COMMENT ON INDEX public.k IS 'index of the key';
