SELECT l.classoid AS parent_classid, l.objoid AS parent_oid, l.objsubid AS parent_sub, 0::oid AS oid, l.provider AS name, l.label
FROM pg_seclabel l
UNION ALL
SELECT l.classoid, l.objoid, 0, 0::oid, l.provider, l.label
FROM pg_shseclabel l
WHERE l.classoid = 'pg_authid'::regclass
