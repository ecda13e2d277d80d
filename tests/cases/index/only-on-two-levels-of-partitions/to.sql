create table p (a int not null, b int) partition by list (a);
create table k2 partition of p for values in (2) partition by list (a);
create table k21 partition of k2 for values in (2);
create unique index pu on p (a);
create index pnon on only p (b);
create index k2non on only k2 (b);
alter index pnon attach partition k2non;
