CREATE TABLE public.item (a text, b text);
CREATE INDEX i ON public.item (a text_pattern_ops, b COLLATE "C" DESC);
