CREATE TABLE public.i (id integer, a text, b text, j jsonb, r int4range, p point, at timestamp);
CREATE INDEX i_a ON public.i (a text_pattern_ops DESC NULLS LAST, b COLLATE "C" NULLS FIRST);
CREATE INDEX i_ab ON public.i (lower(a), (b || 'x') COLLATE "POSIX") INCLUDE (id) WITH (fillfactor = 60) WHERE id > 3;
CREATE INDEX i_j ON public.i USING gin (j jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX i_r ON public.i USING gist (r, p) WITH (buffering = on);
CREATE INDEX i_at ON public.i USING brin (at timestamp_minmax_multi_ops (values_per_range = 16)) WITH (pages_per_range = 8, autosummarize = on);
CREATE INDEX i_h ON public.i USING hash (b);
CREATE INDEX i_p ON public.i USING spgist (p kd_point_ops);
CREATE UNIQUE INDEX i_u ON public.i (a, id) NULLS NOT DISTINCT WHERE b IS NOT NULL;
