CREATE OPERATOR FAMILY fam USING btree;
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (integer, bigint), OPERATOR 1 < (bigint, integer), OPERATOR 3 = (integer, bigint), OPERATOR 1 < (bigint, bigint),  OPERATOR 1 < (integer, integer), FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint), FUNCTION 1 (bigint, bigint) btint8cmp, FUNCTION 1 (integer, integer) btint4cmp;
