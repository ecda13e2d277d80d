CREATE TABLE public.booking (during tsrange, live boolean);
ALTER TABLE public.booking ADD CONSTRAINT booking_during_excl EXCLUDE USING gist (during WITH &&) WHERE (live);
