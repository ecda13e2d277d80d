CREATE TABLE public.item (k text) PARTITION BY LIST (k);
CREATE TABLE public.item_a PARTITION OF public.item FOR VALUES IN ('b', NULL);
CREATE TABLE public.item_b PARTITION OF public.item FOR VALUES IN ('a');
