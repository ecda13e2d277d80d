CREATE TABLE public.item (k text, n integer) PARTITION BY LIST (k);
CREATE TABLE public.item_rest PARTITION OF public.item DEFAULT;
CREATE TABLE public.item_b PARTITION OF public.item FOR VALUES IN ('b');
