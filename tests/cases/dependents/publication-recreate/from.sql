CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
CREATE PUBLICATION account_pub FOR TABLE public.account (id, amount) WHERE (amount > 0) WITH (publish_via_partition_root = true);
