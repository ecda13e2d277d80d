create table t (a oid);
insert into t values (1259);
