CREATE TABLE public.item (a timestamp(3), b time(0), c interval, d interval day to second(2));
INSERT INTO public.item VALUES ('2024-01-01 10:00:00.123', '10:00', '1 hour', '1 day');
