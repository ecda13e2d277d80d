-- Only where pg_subscription holds something.
SELECT s.oid, s.subname AS name, s.subpublications AS publications, s.subenabled AS enabled,
       '' AS connection,
       s.subslotname AS slot_name, s.subsynccommit AS synchronous_commit,
       {14: s.subbinary | false} AS "binary",
       {16: CASE s.substream WHEN 'p' THEN 'parallel' WHEN 't' THEN 'on' ELSE 'off' END
        | {14: CASE WHEN s.substream THEN 'on' ELSE 'off' END | 'off'}} AS streaming,
       {15: s.subtwophasestate <> 'd' | false} AS two_phase,
       {15: s.subdisableonerr | false} AS disable_on_error,
       {16: s.suborigin | 'any'} AS origin,
       {16: NOT s.subpasswordrequired | false} AS without_password,
       {16: s.subrunasowner | false} AS run_as_owner,
       {17: s.subfailover | false} AS failover
FROM pg_subscription s
WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
