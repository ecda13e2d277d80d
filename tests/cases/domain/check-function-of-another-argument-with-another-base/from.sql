create function isok(t text) returns boolean immutable language sql as $$select t<>''$$;
create domain nm as text check (isok(value));
create table p (n nm);
