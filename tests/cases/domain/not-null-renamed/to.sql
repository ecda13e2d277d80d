create domain given_name as text not null;
create domain family_name as text constraint family_there not null;
comment on constraint family_there on domain family_name is 'a';
create table t (id integer primary key, a given_name, b family_name);
insert into t values (1, 'a', 'b');
