CREATE TABLE public.booking (during int4range);
INSERT INTO public.booking VALUES ('[1,5)'), ('[2,3)');
