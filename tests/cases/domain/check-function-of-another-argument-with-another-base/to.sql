create function isok(t varchar) returns boolean immutable language sql as $$select t<>''$$;
create domain nm as varchar check (isok(value));
create table p (n nm);
