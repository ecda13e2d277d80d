CREATE TABLE public.booking (during tsrange, live boolean, room circle);
ALTER TABLE public.booking ADD CONSTRAINT x EXCLUDE USING gist (during WITH &&) WHERE (live);
INSERT INTO public.booking VALUES ('[2024-01-01,2024-01-02)', true, '<(0,0),1>');
