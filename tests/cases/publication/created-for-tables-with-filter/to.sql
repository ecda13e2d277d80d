CREATE TABLE public.a (id integer PRIMARY KEY, n integer, s text);
CREATE TABLE public.b (id integer PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE public.a (id, n) WHERE (n > 0), TABLE ONLY public.b WITH (publish = 'insert', publish_via_partition_root = true);
COMMENT ON PUBLICATION p IS 'p';
