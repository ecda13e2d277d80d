create domain begins as integer;
create domain ends as integer constraint ends_there not null;
comment on constraint ends_there on domain ends is 'a';
create domain goes as integer constraint goes_there not null;
create table t (id integer primary key, a begins, b ends);
insert into t values (1, 2, 3);
