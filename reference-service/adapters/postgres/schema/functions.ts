/**
 * The four statements of which a deposit consists, as functions of the database: one round trip
 * and one commit each, and several of them may share a commit (`batches.ts`). They decide nothing.
 * What is to be written was decided outside, on rows that were read before; here it is written if
 * those rows are still the same, which their `xmin` tells: the transaction that wrote a row last,
 * whoever it was. Constraints and triggers of the tables hold as for every other statement.
 *
 * SQLSTATE 40001 (serialization failure): nothing was written, to be decided again in a transaction.
 */
import { ATTEMPT, ATTEMPT_CHANGEABLE, PAYMENT, PAYMENT_CHANGEABLE } from '../rows.ts';

export const FUNCTIONS_SCHEMA = `
create function start_deposit(given jsonb, out outcome text, out version text) language plpgsql as $$
#variable_conflict use_column
declare
  k idempotency_key := jsonb_populate_record(null::idempotency_key, given -> 'key');
  r jsonb := given -> 'route';
begin
  if given -> 'unless_guarded' is not null and
    exists (select 1 from player where id = given -> 'payment' ->> 'player_id' and guarded) then
    outcome := 'guarded';
    return;
  end if;
  insert into idempotency_key as known (scope, key, fingerprint, subject_id, locked_until, created_at, expires_at)
  values (k.scope, k.key, k.fingerprint, k.subject_id, k.locked_until, k.created_at, k.expires_at)
  on conflict (scope, key) do update
    set fingerprint = excluded.fingerprint, subject_id = excluded.subject_id, locked_until = excluded.locked_until,
        response_status = null, response_body = null, created_at = excluded.created_at, expires_at = excluded.expires_at
    where known.expires_at <= excluded.created_at;
  if not found then
    outcome := 'taken';
    return;
  end if;
  insert into payment select * from jsonb_populate_record(null::payment, given -> 'payment')
    returning xmin::text into version;
  if given -> 'attempt' is not null then
    insert into attempt select * from jsonb_populate_record(null::attempt, given -> 'attempt');
  end if;
  insert into route_decision (subject_id, seq, attempt_id, session_key, psp, decided_at, decision)
  values (r ->> 'subject_id', (r ->> 'seq')::int, r ->> 'attempt_id', r ->> 'session_key', r ->> 'psp',
    (r ->> 'decided_at')::bigint, (r ->> 'decision')::json);
  outcome := 'started';
end $$;

create function commit_deposit(given jsonb, out outcome text, out version text) language plpgsql as $$
#variable_conflict use_column
declare
  p payment := jsonb_populate_record(null::payment, given -> 'payment');
  a attempt := jsonb_populate_record(null::attempt, given -> 'attempt');
  k jsonb := given -> 'key';
  e jsonb := given -> 'event';
  t jsonb := given -> 'transfer';
begin
  update payment set ${PAYMENT.assignmentsFrom('p', PAYMENT_CHANGEABLE)}
    where id = p.id and xmin = (given ->> 'version')::xid
    returning xmin::text into version;
  if not found then
    outcome := 'stale';
    return;
  end if;
  update attempt set ${ATTEMPT.assignmentsFrom('a', ATTEMPT_CHANGEABLE)}
    where id = a.id and xmin = (given ->> 'attempt_version')::xid;
  if not found then
    raise exception 'the attempt has changed' using errcode = 'serialization_failure';
  end if;
  if given -> 'arrived' is not null and store_event(given -> 'arrived') <> 'stored' then
    raise exception 'the event has come before' using errcode = 'serialization_failure';
  end if;
  if e is not null then
    update inbox set status = 'done', outcome = e ->> 'outcome', next_step_at = null
      where psp = e ->> 'psp' and event_id = e ->> 'event_id' and status = 'waiting';
    if not found then
      raise exception 'the event does not wait any more' using errcode = 'serialization_failure';
    end if;
  end if;
  if t is not null then
    insert into transfer (id, kind, payment_id, part, player_id, amount_minor, currency, created_at)
    values (t ->> 'id', t ->> 'kind', p.id, t ->> 'part', t ->> 'player_id', (t ->> 'amount_minor')::bigint,
      t ->> 'currency', (t ->> 'created_at')::bigint)
    on conflict do nothing;
    if not found then
      raise exception 'the transfer was posted before' using errcode = 'serialization_failure';
    end if;
    insert into wallet as w (player_id, currency, available_minor, held_minor, updated_at)
    values (t ->> 'player_id', t ->> 'currency', (t ->> 'available_minor')::bigint, 0, (t ->> 'created_at')::bigint)
    on conflict (player_id, currency) do update
      set available_minor = w.available_minor + excluded.available_minor, updated_at = excluded.updated_at;
    insert into entry (transfer_id, account, amount_minor, currency, created_at)
    select t ->> 'id', leg ->> 'account', (leg ->> 'amount_minor')::bigint, t ->> 'currency', (t ->> 'created_at')::bigint
    from jsonb_array_elements(t -> 'legs') as leg;
  end if;
  if given -> 'outbox' is not null then
    insert into outbox (id, type, subject_id, player_id, payload, status, created_at, next_step_at)
    select told ->> 'id', told ->> 'type', told ->> 'subject_id', told ->> 'player_id', told -> 'payload',
      case when told ->> 'next_step_at' is null then 'untold' else 'waiting' end,
      (told ->> 'created_at')::bigint, (told ->> 'next_step_at')::bigint
    from jsonb_array_elements(given -> 'outbox') as told;
  end if;
  if k is not null then
    update idempotency_key set response_status = (k ->> 'response_status')::int, response_body = null, locked_until = 0
      where scope = k ->> 'scope' and key = k ->> 'key';
  end if;
  outcome := 'done';
end $$;

create function store_event(given jsonb, out outcome text) language plpgsql as $$
#variable_conflict use_column
declare
  n jsonb := given -> 'nonce';
  fits boolean;
begin
  if n is not null then
    insert into webhook_nonce as known (psp, nonce, body_hash, expires_at)
    values (given ->> 'psp', n ->> 'value', n ->> 'body_hash', (n ->> 'expires_at')::bigint)
    on conflict (psp, nonce) do update set expires_at = greatest(known.expires_at, excluded.expires_at)
    returning known.body_hash = n ->> 'body_hash' into fits;
    if not fits then
      outcome := 'replayed';
      return;
    end if;
  end if;
  insert into inbox (psp, event_id, event, raw_body, headers, status, origin, received_at, next_step_at)
  values (given ->> 'psp', given ->> 'event_id', given -> 'event', decode(given ->> 'raw_body', 'base64'),
    given -> 'headers', 'waiting', given ->> 'origin', (given ->> 'received_at')::bigint, (given ->> 'next_step_at')::bigint)
  on conflict do nothing;
  outcome := case when found then 'stored' else 'duplicate' end;
end $$;

create function read_event(given jsonb, out state jsonb) language plpgsql stable as $$
#variable_conflict use_column
begin
  select jsonb_build_object('event', i.event, 'tries', i.tries, 'replays', i.replays, 'payment', to_jsonb(p),
      'version', p.xmin::text, 'attempt', to_jsonb(a), 'attempt_version', a.xmin::text)
    into state
    from inbox i
      join attempt a on a.id = i.event ->> 'reference' and a.subject_kind = 'deposit' and a.seq = 1
      join payment p on p.id = a.subject_id
    where i.psp = given ->> 'psp' and i.event_id = given ->> 'event_id' and i.status = 'waiting'
      and not exists (select 1 from attempt other where other.subject_id = p.id and other.seq > 1);
end $$;
`;
