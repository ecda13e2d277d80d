CREATE EXTENSION btree_gist;
CREATE TABLE public.booking (room integer, a date, b date);
