CREATE TABLE public.item (gone1 integer, a integer, gone2 text, b text, c date);
ALTER TABLE public.item DROP gone1, DROP gone2;
CREATE TABLE public.part (gone integer, a integer);
ALTER TABLE public.part DROP gone;
CREATE INDEX i ON public.item (a, c);
