CREATE TABLE public.item (a int4, b int8, c bool, d varchar, e timestamptz, f float8, g decimal(5,2), h bpchar, i time with time zone, j bit varying(3), k char(3)[]);
