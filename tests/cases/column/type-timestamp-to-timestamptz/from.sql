CREATE TABLE public.item (at timestamp DEFAULT now());
INSERT INTO public.item VALUES ('2024-01-01 10:00:00');
