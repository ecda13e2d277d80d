SET DateStyle = 'SQL, DMY';
SET IntervalStyle = 'sql_standard';
SET TimeZone = 'Asia/Tokyo';
CREATE TABLE public.item (d date DEFAULT '01/02/2024', i interval DEFAULT '1-2', t timestamptz DEFAULT '2024-01-02 03:04:05+00', CHECK (d > '03/04/2020'));
