CREATE EXTENSION btree_gist;
CREATE TABLE public.stays (room integer NOT NULL, during int4range, EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0) DEFERRABLE) PARTITION BY RANGE (room);
CREATE TABLE public.stays_low PARTITION OF public.stays FOR VALUES FROM (0) TO (10);
CREATE TABLE public.stays_high (room integer NOT NULL, during int4range);
ALTER TABLE public.stays_high ADD CONSTRAINT own_name EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0) DEFERRABLE;
ALTER TABLE public.stays ATTACH PARTITION public.stays_high FOR VALUES FROM (10) TO (20);
CREATE TABLE public.plain (room integer NOT NULL, during int4range, EXCLUDE USING gist (room WITH =, during WITH &&)) PARTITION BY RANGE (room);
CREATE TABLE public.plain_low PARTITION OF public.plain FOR VALUES FROM (0) TO (10);
