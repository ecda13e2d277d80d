create table t (a regclass);
