create domain d as text; create table t (a d not null); insert into t values ('1');
