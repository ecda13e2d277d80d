CREATE SCHEMA stats;
CREATE TABLE item (a integer, b integer, c text, d text);
CREATE STATISTICS item_ab ON a, b FROM item;
CREATE STATISTICS item_cd (ndistinct, dependencies) ON c, d FROM item;
CREATE STATISTICS item_expr ON (a + b) FROM item;
ALTER STATISTICS item_ab SET STATISTICS 50;
COMMENT ON STATISTICS item_ab IS 'a and b';
