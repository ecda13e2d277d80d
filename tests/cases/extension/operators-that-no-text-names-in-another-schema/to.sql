create schema ext; create extension citext schema ext;
set search_path = public, ext;
create table u (mail citext);
create view uv as select nullif(mail, 'q') as n, mail is distinct from 'u' as d from u;
