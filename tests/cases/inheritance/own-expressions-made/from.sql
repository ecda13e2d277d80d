create table other (a integer);
