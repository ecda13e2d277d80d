create table t (id int);
create view v with (security_invoker = true, security_barrier = false, check_option = local) as select id from t;
create view w with (security_barrier = true, security_invoker = false) as select id from t;
