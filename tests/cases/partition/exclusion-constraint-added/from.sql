CREATE TABLE public.stays (room integer NOT NULL, during int4range) PARTITION BY RANGE (room);
CREATE TABLE public.stays_low PARTITION OF public.stays FOR VALUES FROM (0) TO (10);
CREATE TABLE public.stays_high PARTITION OF public.stays FOR VALUES FROM (10) TO (20) PARTITION BY LIST (room);
CREATE TABLE public.stays_ten PARTITION OF public.stays_high FOR VALUES IN (10);
INSERT INTO public.stays VALUES (1, '[1,3)'), (10, '[1,3)');
