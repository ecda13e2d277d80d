create table pp(a int not null, b int primary key);
create table kk(x int, not null a) inherits (pp);
