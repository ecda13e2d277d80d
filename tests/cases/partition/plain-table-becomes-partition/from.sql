CREATE TABLE public.event (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE public.event_old (id bigint NOT NULL, at date NOT NULL);
INSERT INTO public.event_old VALUES (1, '2020-01-01');
