CREATE TABLE public.account (id integer NOT NULL, label text, PRIMARY KEY (id));
CREATE PUBLICATION account_pub FOR TABLE public.account (id) WHERE (id > 0) WITH (publish_via_partition_root = true);
