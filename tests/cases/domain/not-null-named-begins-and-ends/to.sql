create domain begins as integer constraint begins_there not null;
comment on constraint begins_there on domain begins is 'a';
create domain ends as integer;
create domain comes as integer constraint comes_there not null;
comment on constraint comes_there on domain comes is 'b';
create table t (id integer primary key, a begins, b ends);
insert into t values (1, 2, 3);
