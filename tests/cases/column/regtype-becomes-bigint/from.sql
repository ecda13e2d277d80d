create table t (a regtype, b regrole);
insert into t values ('int', 'case_reader');
