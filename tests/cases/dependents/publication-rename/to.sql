CREATE TABLE public.account (id integer NOT NULL, total integer, label text, PRIMARY KEY (id));
CREATE PUBLICATION account_pub FOR TABLE public.account (id, total) WHERE (total > 0) WITH (publish_via_partition_root = true);
