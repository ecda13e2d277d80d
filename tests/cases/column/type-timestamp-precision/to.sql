CREATE TABLE public.item (a timestamp(6), b time(3), c interval hour to minute, d interval);
