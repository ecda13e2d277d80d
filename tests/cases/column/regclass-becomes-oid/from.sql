create table x (a int); create table t (a regclass);
insert into t values ('x');
