CREATE TABLE public.item (s text, CONSTRAINT ok CHECK (s IN ('a', 'b')));
INSERT INTO public.item VALUES ('a');
