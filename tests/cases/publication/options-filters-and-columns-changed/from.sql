CREATE SCHEMA shop;
CREATE TABLE shop.item (id integer PRIMARY KEY, name text, price numeric);
CREATE TABLE shop.sale (id integer PRIMARY KEY, item integer, at date);
CREATE PUBLICATION all_of_it FOR ALL TABLES WITH (publish = 'insert, update');
CREATE PUBLICATION part FOR TABLE shop.item (id, name) WHERE (id > 10), TABLE shop.sale;
COMMENT ON PUBLICATION part IS 'a part';
