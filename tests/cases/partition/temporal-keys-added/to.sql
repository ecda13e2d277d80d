CREATE EXTENSION btree_gist;
CREATE TABLE public.prices (item integer NOT NULL, code text, valid daterange NOT NULL,
    PRIMARY KEY (item, valid WITHOUT OVERLAPS), UNIQUE (item, code, valid WITHOUT OVERLAPS)) PARTITION BY RANGE (item);
CREATE TABLE public.prices_low PARTITION OF public.prices FOR VALUES FROM (0) TO (10);
CREATE TABLE public.prices_high PARTITION OF public.prices FOR VALUES FROM (10) TO (20) PARTITION BY LIST (item);
CREATE TABLE public.prices_ten PARTITION OF public.prices_high FOR VALUES IN (10);
