create table t (id text primary key);
insert into t values ('1');
