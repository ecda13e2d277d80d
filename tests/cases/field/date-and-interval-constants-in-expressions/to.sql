SET DateStyle = 'SQL, DMY';
SET IntervalStyle = 'sql_standard';
SET TimeZone = 'Asia/Tokyo';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';
SET TimeZone = 'UTC';
CREATE TABLE public.item (d date DEFAULT '2024-02-01', i interval DEFAULT '1 year 2 mons', t timestamptz DEFAULT '2024-01-02 03:04:05+00', CHECK (d > '2020-04-03'));
