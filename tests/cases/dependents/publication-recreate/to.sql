CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE public.account_0 PARTITION OF public.account FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE PUBLICATION account_pub FOR TABLE public.account (id, amount) WHERE (amount > 0) WITH (publish_via_partition_root = true);
