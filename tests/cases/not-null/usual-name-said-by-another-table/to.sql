create table v (a integer not null, b integer);
create table l (a integer constraint v_a_not_null not null);
create table w (a integer not null);
create table k (like w);
