create extension hstore; create table t (a hstore); insert into t values ('a=>1');
