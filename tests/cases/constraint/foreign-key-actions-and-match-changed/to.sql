CREATE TABLE public.p (a integer, b integer, PRIMARY KEY (a, b));
CREATE TABLE public.c (a integer, b integer, x integer DEFAULT 1, FOREIGN KEY (a, b) REFERENCES public.p MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL, CONSTRAINT second FOREIGN KEY (x, b) REFERENCES public.p ON DELETE SET DEFAULT (x) NOT VALID);
