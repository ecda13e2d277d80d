create extension hstore; create extension plpython3u; create function f(h hstore) returns int language plpython3u as 'return len(h)';
