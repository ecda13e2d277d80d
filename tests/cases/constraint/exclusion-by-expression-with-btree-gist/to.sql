CREATE EXTENSION btree_gist;
CREATE TABLE public.booking (room integer, a date, b date, CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, daterange(a, b) WITH &&));
