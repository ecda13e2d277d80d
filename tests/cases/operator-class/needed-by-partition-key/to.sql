CREATE FUNCTION public.h(integer, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1::bigint + $2';
CREATE OPERATOR CLASS public.my_hash FOR TYPE integer USING hash AS OPERATOR 1 =, FUNCTION 2 public.h(integer, bigint);
CREATE TABLE public.item (n integer) PARTITION BY HASH (n public.my_hash);
CREATE TABLE public.item_0 PARTITION OF public.item FOR VALUES WITH (MODULUS 2, REMAINDER 0);
