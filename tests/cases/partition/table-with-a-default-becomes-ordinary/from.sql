CREATE TABLE public.t (k integer, v text[]) PARTITION BY RANGE (k);
CREATE TABLE public.p PARTITION OF public.t DEFAULT;
