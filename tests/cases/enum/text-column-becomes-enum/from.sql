CREATE TABLE public.item (s text DEFAULT 'a' NOT NULL);
INSERT INTO public.item VALUES ('b');
