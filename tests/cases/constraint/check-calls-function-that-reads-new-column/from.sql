CREATE TABLE public.zone (id integer PRIMARY KEY);
CREATE TABLE public.member (zone_id integer NOT NULL);
INSERT INTO public.zone VALUES (1);
INSERT INTO public.member VALUES (1);
