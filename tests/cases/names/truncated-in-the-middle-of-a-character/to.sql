CREATE TABLE public.item (id integer, "äöüäöüäöüäöüäöüäöüäöüäöüäöüäöü" integer UNIQUE, CHECK ("äöüäöüäöüäöüäöüäöüäöüäöüäöüäöü" > 0));
