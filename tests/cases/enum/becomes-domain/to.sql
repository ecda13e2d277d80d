create domain r as text check (value in ('a','b'));
create table t (id int, r r not null);
