CREATE TABLE public.person (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE public.place (country text, town integer, PRIMARY KEY (country, town));
CREATE TABLE public.visit (
    id integer PRIMARY KEY,
    country text NOT NULL,
    town integer NOT NULL,
    person integer NOT NULL REFERENCES public.person ON DELETE CASCADE,
    guide integer NOT NULL UNIQUE REFERENCES public.person,
    before integer NOT NULL REFERENCES public.visit,
    FOREIGN KEY (country, town) REFERENCES public.place
);
CREATE INDEX visit_person ON public.visit (person);
INSERT INTO public.person VALUES (7, 'ana'), (8, 'bob'), (9, 'cy');
INSERT INTO public.place VALUES ('at', 1), ('de', 5), ('de', 6);
INSERT INTO public.visit VALUES (1, 'de', 6, 8, 9, 1), (2, 'at', 1, 7, 8, 1);
