CREATE EXTENSION btree_gist;
CREATE TABLE public.stays (room integer NOT NULL, during int4range, CONSTRAINT apart EXCLUDE USING gist (room WITH =, during WITH &&)) PARTITION BY RANGE (room);
CREATE TABLE public.stays_low PARTITION OF public.stays FOR VALUES FROM (0) TO (10);
CREATE TABLE public.stays_high PARTITION OF public.stays FOR VALUES FROM (10) TO (20);
COMMENT ON CONSTRAINT apart ON public.stays IS 'never two at once';
INSERT INTO public.stays VALUES (1, '[1,3)'), (11, '[1,3)');
