CREATE EXTENSION btree_gist;
CREATE TABLE public.prices (item integer NOT NULL, code text, valid daterange NOT NULL) PARTITION BY RANGE (item);
CREATE TABLE public.prices_low PARTITION OF public.prices FOR VALUES FROM (0) TO (10);
INSERT INTO public.prices VALUES (1, 'a', '[2020-01-01,2021-01-01)');
