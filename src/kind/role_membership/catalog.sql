SELECT 'pg_authid' AS parent_class, m.member AS parent_oid, {16: m.oid | 0::oid} AS oid, g.rolname AS name,
       m.admin_option AS admin,
       {16: m.inherit_option | NULL::boolean} AS inherit, {16: m.set_option | NULL::boolean} AS "set"
FROM (SELECT DISTINCT ON (roleid, member) * FROM pg_auth_members ORDER BY roleid, member, admin_option DESC) m
JOIN pg_roles g ON g.oid = m.roleid
WHERE m.member >= 16384
