CREATE EXTENSION btree_gist;
CREATE TABLE public.prices (item integer NOT NULL, code text, valid daterange NOT NULL,
    CONSTRAINT prices_key PRIMARY KEY (item, valid WITHOUT OVERLAPS), CONSTRAINT prices_codes UNIQUE (code, item, valid WITHOUT OVERLAPS)) PARTITION BY RANGE (item);
CREATE TABLE public.prices_low PARTITION OF public.prices FOR VALUES FROM (0) TO (10);
CREATE TABLE public.prices_high (item integer NOT NULL, code text, valid daterange NOT NULL,
    CONSTRAINT own_codes UNIQUE (code, item, valid WITHOUT OVERLAPS));
ALTER TABLE public.prices ATTACH PARTITION public.prices_high FOR VALUES FROM (10) TO (20);
ALTER INDEX public.prices_low_pkey RENAME TO low_key;
COMMENT ON CONSTRAINT prices_high_pkey ON public.prices_high IS 'copied';
