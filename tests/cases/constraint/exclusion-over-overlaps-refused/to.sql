CREATE TABLE public.booking (during int4range, EXCLUDE USING gist (during WITH &&));
