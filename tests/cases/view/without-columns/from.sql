create table t (id integer primary key);
create view nothing as select;
create view gains as select from t;
insert into t values (1);
