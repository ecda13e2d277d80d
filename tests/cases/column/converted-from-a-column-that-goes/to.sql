create table t (id integer primary key, a integer);
insert into t values (1, 5);
