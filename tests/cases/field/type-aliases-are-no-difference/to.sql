CREATE TABLE public.item (a integer, b bigint, c boolean, d character varying, e timestamp with time zone, f double precision, g numeric(5,2), h bpchar, i timetz, j varbit(3), k character(3)[3]);
