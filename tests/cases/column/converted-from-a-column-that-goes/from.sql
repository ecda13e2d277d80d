create table t (id integer primary key, a text, b integer);
insert into t values (1, 'x', 5);
