create table t (id integer primary key);
create view nothing as select from t where id > 0;
create view gains as select id from t;
create view newer as select;
create materialized view stored as select from t;
create table bare ();
create type empty as ();
