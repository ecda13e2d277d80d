CREATE TYPE hue AS ENUM ('a', 'b');
CREATE FUNCTION hue_number(hue) RETURNS integer LANGUAGE sql IMMUTABLE AS $$SELECT CASE $1 WHEN 'a' THEN 1 ELSE 2 END$$;
CREATE CAST (hue AS integer) WITH FUNCTION hue_number(hue);
CREATE FUNCTION number_hue(integer) RETURNS hue LANGUAGE sql IMMUTABLE AS $$SELECT (CASE $1 WHEN 1 THEN 'a' ELSE 'b' END)::public.hue$$;
CREATE CAST (integer AS hue) WITH FUNCTION number_hue(integer);
CREATE TABLE r (h integer, a integer[]);
