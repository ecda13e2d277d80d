create table p(a int not null, b int primary key);
create table k(x int, not null a) inherits (p);
