CREATE TEXT SEARCH PARSER public.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE public.t (INIT = dsimple_init, LEXIZE = dsimple_lexize);
COMMENT ON TEXT SEARCH PARSER public.p IS 'p';
COMMENT ON TEXT SEARCH TEMPLATE public.t IS 't';
CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = public.t);
CREATE TEXT SEARCH CONFIGURATION public.c (PARSER = public.p);
