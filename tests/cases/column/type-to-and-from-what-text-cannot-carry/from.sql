CREATE TABLE public.item (
    id integer PRIMARY KEY, a jsonb NOT NULL, b text NOT NULL, c boolean NOT NULL, d smallint NOT NULL, e text[] NOT NULL,
    f timestamptz NOT NULL, g interval NOT NULL, h jsonb
);
INSERT INTO public.item VALUES (1, '{"a": "x\\ny"}', 'c:\dir', true, 1, '{a,"b c"}', '2020-01-01 10:00+00', '00:00:05', '[1, 2]');
