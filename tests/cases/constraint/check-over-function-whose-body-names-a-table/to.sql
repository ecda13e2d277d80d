CREATE TABLE public.word (word text PRIMARY KEY);
CREATE FUNCTION public.is_clean(text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN NOT EXISTS (SELECT FROM word WHERE word.word = $1); END
$$;
CREATE TABLE public.note (id integer PRIMARY KEY, body text NOT NULL, CONSTRAINT clean CHECK (public.is_clean(body)));
