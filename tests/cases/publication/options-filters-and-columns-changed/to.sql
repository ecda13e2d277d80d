CREATE SCHEMA shop;
CREATE TABLE shop.item (id integer PRIMARY KEY, name text, price numeric);
CREATE TABLE shop.sale (id integer PRIMARY KEY, item integer, at date);
CREATE PUBLICATION all_of_it FOR ALL TABLES WITH (publish = 'insert', publish_via_partition_root = true);
CREATE PUBLICATION part FOR TABLE shop.item (id, name, price) WHERE (id > 20), TABLE shop.sale WHERE (id < 7);
CREATE PUBLICATION whole FOR TABLES IN SCHEMA shop, TABLE shop.sale;
ALTER PUBLICATION whole OWNER TO postgres;
