CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE public.a WITH (publish = 'delete, truncate', publish_via_partition_root);
ALTER PUBLICATION p OWNER TO case_owner;
