create table t (a bigint, b oid);
