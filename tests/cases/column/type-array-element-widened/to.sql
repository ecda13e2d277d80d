CREATE TABLE public.item (id integer, n bigint[], s varchar(9)[]);
