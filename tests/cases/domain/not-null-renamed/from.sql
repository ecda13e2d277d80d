create domain first_name as text not null;
create domain second_name as text constraint second_there not null;
comment on constraint second_there on domain second_name is 'a';
create table t (id integer primary key, a first_name, b second_name);
insert into t values (1, 'a', 'b');
