CREATE TABLE public.doc (body text);
INSERT INTO public.doc VALUES ('the quick fox');
