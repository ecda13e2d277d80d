create table x (a int); create table t (a oid);
