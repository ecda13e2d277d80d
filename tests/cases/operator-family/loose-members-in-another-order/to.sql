CREATE OPERATOR FAMILY fam USING btree;
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (integer, bigint), OPERATOR 3 = (integer, bigint),  OPERATOR 1 < (integer, integer), OPERATOR 1 < (bigint, integer), FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint);
