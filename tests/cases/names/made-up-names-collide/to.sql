CREATE TABLE public.item (a integer, b integer, CHECK (a > 0), CHECK (a < 9), CHECK (b > a), CHECK (b <> a));
CREATE INDEX ON public.item (a);
CREATE INDEX ON public.item (a DESC);
CREATE INDEX ON public.item ((a + b));
CREATE TABLE public.item_a_idx2 (a integer);
