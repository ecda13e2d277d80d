CREATE TABLE public.booking (during tsrange, live boolean);
CREATE INDEX booking_during_excl ON public.booking USING gist (during) WHERE live;
