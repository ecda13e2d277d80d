CREATE TABLE j (total integer, hash integer GENERATED ALWAYS AS (total + 1) STORED);
CREATE FUNCTION total(j) RETURNS integer LANGUAGE sql AS 'SELECT 1';
