CREATE TABLE public.post (id integer PRIMARY KEY, title text, score integer NOT NULL);
CREATE VIEW public.post_totals AS SELECT p.id, p.title, sum(p.score) AS score FROM public.post p GROUP BY p.id;
-- pg_dump breaks the circle of a key and the views over it at the view that is older.
CREATE VIEW public.post_view AS SELECT t.id, t.title, t.score FROM public.post_totals t;
CREATE VIEW public.best AS SELECT id FROM public.post_view WHERE score > 10;
COMMENT ON VIEW public.best IS 'good ones';
