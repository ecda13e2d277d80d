CREATE TYPE public.state AS ENUM ('a', 'b');
CREATE TABLE public.item (s public.state);
INSERT INTO public.item VALUES ('a');
