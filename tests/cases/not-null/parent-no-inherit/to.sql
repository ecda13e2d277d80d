create table p(a int not null no inherit);
create table k(x int) inherits (p);
