CREATE TABLE public.word (word text PRIMARY KEY);
CREATE TABLE public.note (id integer PRIMARY KEY, body text NOT NULL);
CREATE FUNCTION public.is_clean(text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN NOT EXISTS (SELECT FROM word WHERE word.word = $1); END
$$;
INSERT INTO public.note VALUES (1, 'a');
