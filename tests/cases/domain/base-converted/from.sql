create domain d as text; create table t (a d not null, b d); insert into t values ('1','2');
