CREATE TYPE public.old_state AS ENUM ('a', 'b');
CREATE TABLE public.item (s public.old_state DEFAULT 'a', l public.old_state[]);
INSERT INTO public.item VALUES ('b', '{a}');
