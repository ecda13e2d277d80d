CREATE TABLE public.post (id integer PRIMARY KEY, title text, score integer NOT NULL);
CREATE VIEW public.post_view AS SELECT p.id, p.title, sum(p.score) AS score FROM public.post p GROUP BY p.id;
CREATE VIEW public.best AS SELECT id FROM public.post_view WHERE score > 10;
COMMENT ON VIEW public.best IS 'good ones';
INSERT INTO public.post VALUES (1, 'a', 2);
