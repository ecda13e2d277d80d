CREATE SCHEMA words;
CREATE TEXT SEARCH CONFIGURATION words.plain (COPY = simple);
CREATE TEXT SEARCH DICTIONARY words.short (TEMPLATE = simple, stopwords = english);
ALTER TEXT SEARCH CONFIGURATION words.plain ALTER MAPPING FOR word, asciiword WITH words.short, simple;
