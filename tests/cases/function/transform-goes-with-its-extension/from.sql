create extension hstore; create extension plpython3u; create extension hstore_plpython3u; create function f(h hstore) returns int language plpython3u transform for type hstore as 'return len(h)';
