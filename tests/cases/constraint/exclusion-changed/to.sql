CREATE TABLE public.booking (during tsrange, live boolean, room circle);
ALTER TABLE public.booking ADD CONSTRAINT x EXCLUDE USING gist (during WITH &&, room WITH &&) WHERE (live IS NOT FALSE) DEFERRABLE INITIALLY DEFERRED;
