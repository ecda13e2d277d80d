create type ct as (n text, i boolean);
create table t (c ct, id int);
insert into t values (row('x',true),1);
