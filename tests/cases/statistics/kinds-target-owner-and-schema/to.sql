CREATE SCHEMA stats;
CREATE TABLE item (a integer, b bigint, c text, d text);
CREATE STATISTICS item_ab ON a, b FROM item;
CREATE STATISTICS stats.item_cd (mcv) ON c, d FROM item;
CREATE STATISTICS item_expr ON (a * b), lower(c) FROM item;
ALTER STATISTICS item_ab SET STATISTICS 500;
ALTER STATISTICS item_ab OWNER TO case_owner;
