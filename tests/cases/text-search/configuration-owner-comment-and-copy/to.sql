CREATE SCHEMA words;
CREATE TEXT SEARCH CONFIGURATION words.plain (COPY = simple);
CREATE TEXT SEARCH DICTIONARY words.short (TEMPLATE = simple, stopwords = english, accept = false);
ALTER TEXT SEARCH CONFIGURATION words.plain ALTER MAPPING FOR word WITH words.short, english_stem;
ALTER TEXT SEARCH CONFIGURATION words.plain DROP MAPPING FOR url, host;
ALTER TEXT SEARCH CONFIGURATION words.plain OWNER TO case_owner;
ALTER TEXT SEARCH DICTIONARY words.short OWNER TO case_owner;
COMMENT ON TEXT SEARCH CONFIGURATION words.plain IS 'plain words';
COMMENT ON TEXT SEARCH DICTIONARY words.short IS 'no stop words';
