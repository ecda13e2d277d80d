CREATE TABLE public.item (k text) PARTITION BY LIST (k);
CREATE TABLE public.item_rest PARTITION OF public.item FOR VALUES IN ('a', 'b');
