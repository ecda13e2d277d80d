CREATE TABLE public.booking (room int4range, during tsrange, EXCLUDE USING gist (room WITH &&, during WITH &&));
