create table t (id int);
create view gone with (security_invoker = true, security_barrier = true) as select id from t;
