// The requests of an endpoint that are the user's: what it sends by `request`, in a call or
// outside, and what it is asked and answers by `respond`. RFC 3261 8.1, 8.2, 12.2; RFC 3263 4.3;
// RFC 3428, 6086. Read call_sender.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/message/retry.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/user_agent/call_sender.hpp>

namespace ctsip::detail {

// Whether the user sends and answers this method: it has no operation of its own.
constexpr bool is_for_user(method m) {
  switch (m) {
  case method::invite:
  case method::ack:
  case method::cancel:
  case method::bye:
  case method::prack:
  case method::update:
  case method::register_: return false;
  default: return true;
  }
}
// The same of a method by its name, which is that of an extension only if it is no other's.
constexpr bool is_for_user(method m, std::string_view extension) {
  if (m != method::extension) return is_for_user(m);
  auto const parsed = parse_method(extension);
  return parsed.valid && parsed.value == method::extension;
}

enum class request_phase : std::uint8_t {
  free,
  sent, // ours awaits its final response
  asked // theirs awaits the user's
};

template <class Traits>
struct request_record {
  request_phase phase{request_phase::free};
  std::uint8_t tries{};
  bool has_provisional{}; // from the hop that it was sent to last
  transport over{};
  std::uint32_t generation{};
  call_handle call{}; // none outside of calls; stale once the call has ended
  transaction_handle transaction{};
  address peer{};
  std::span<address const> other_hops{}; // that are still to be tried
  instant patience{instant::never()};    // with the user
  [[no_unique_address]] typename Traits::credentials::of_call credentials{};
};

// So many, or nothing at all.
template <class Record, std::size_t Count>
struct records {
  Record all[Count]{};
  constexpr std::span<Record> span() { return all; }
  constexpr std::span<Record const> span() const { return all; }
};
template <class Record>
struct records<Record, 0> {
  constexpr std::span<Record> span() { return {}; }
  constexpr std::span<Record const> span() const { return {}; }
};

template <endpoint_size Size, class Traits>
class user_requests : public call_sender<Size, Traits> {
  using base = call_sender<Size, Traits>;

 protected:
  using base::answers_challenges;
  using base::asks_again;
  using base::base;
  using base::call_of;
  using base::can_tell;
  using base::contact_for;
  using base::counts_;
  using base::credentials_;
  using base::element;
  using base::end_if_lost;
  using base::find;
  using base::find_branch;
  using base::first_request;
  using base::handle_of;
  using base::is_secure;
  using base::layer_;
  using base::most_tries;
  using base::next_cseq;
  using base::replace_target;
  using base::reply;
  using base::request_of;
  using base::respond_in;
  using base::schedule;
  using base::send_in_dialog;
  using base::send_request;
  using base::send_to_next_hop;
  using base::send_with;
  using base::sips_contact_;
  using base::state_of;
  using base::step;
  using base::tell;
  using base::timers;
  using typename base::call_record;

  using record = request_record<Traits>;

  constexpr std::uint32_t number_of(record const& r) const {
    return first_request + static_cast<std::uint32_t>(&r - requests_.span().data());
  }
  constexpr request_handle request_name(record const& r) const {
    return {number_of(r) - first_request, r.generation};
  }
  constexpr record* find_request(request_handle h, request_phase p) {
    if (h.index >= Size.requests) return nullptr;
    record& r = requests_.span()[h.index];
    return r.generation == h.generation && r.phase == p ? &r : nullptr;
  }
  // The request of ours that this client transaction carries.
  constexpr record* sent_by(arrival const& a) {
    if (a.owner < first_request || a.owner - first_request >= Size.requests) return nullptr;
    record& r = requests_.span()[a.owner - first_request];
    return r.phase == request_phase::sent && r.transaction == a.transaction ? &r : nullptr;
  }
  constexpr record* take_request(request_phase p) {
    for (record& r : requests_.span()) {
      if (r.phase != request_phase::free) continue;
      r.phase = p;
      r.tries = 0;
      r.has_provisional = false;
      r.call = {};
      r.other_hops = {};
      r.patience = instant::never();
      if constexpr (answers_challenges) r.credentials.begin(credentials_);
      return &r;
    }
    return nullptr;
  }
  static constexpr void release_request(record& r) {
    r.phase = request_phase::free;
    ++r.generation;
  }
  constexpr void tell_request(user_event_kind kind, record const& r, status_code status,
                              message const& m) {
    call_record const* const c = find(r.call);
    tell({kind, r.call, status, c ? state_of(*c) : call_state::ended, request_name(r)}, m);
  }

  // ---- Ours

  constexpr request_handle send_outside(outgoing_request const& out, instant now) {
    auto const& facts = traits(out.method);
    if (Size.requests == 0 || !is_for_user(out.method, out.method_name) || !facts.outside_dialog ||
        facts.creates_dialog != dialog_creation::none)
      return no_request(sending::refused);
    bool const secure = is_secure(out.target, out.route_set);
    if (!forms_request(out.target) || !forms_request(out.from) ||
        (!out.to.empty() && !forms_request(out.to)) ||
        (has_contact(out.method) && secure && sips_contact_.empty()))
      return no_request(sending::unwritable);
    record* const r = take_request(request_phase::sent);
    if (!r) return no_request(sending::full);
    r->over = out.over;
    r->peer = out.next_hop;
    r->other_hops = out.other_hops;
    identifier const call_id = layer_.identifiers().token();
    identifier const tag = layer_.identifiers().token();
    field_list fields;
    add_own(fields, out.method);
    request_parts p;
    p.method = out.method;
    p.method_name = out.method_name;
    p.target = out.target;
    p.route_set = out.route_set;
    p.from = {out.from, tag.view(), out.from_name};
    p.to = {out.to.empty() ? out.target : out.to, {}, {}};
    p.call_id = call_id.view();
    p.cseq = 1;
    if (has_contact(out.method)) p.contact = contact_for(secure);
    p.content = out.content;
    sending result = sending::unwritable;
    if (fields.add(out.extra))
      result = send_with(r->credentials, number_of(*r), out.method, {r->peer, r->over},
                         fields.all(), now, r->transaction, composed_request{p});
    if (result == sending::sent) return request_name(*r);
    release_request(*r);
    return no_request(result);
  }
  static constexpr request_handle no_request(sending why) { return no_handle<request_handle>(why); }

  // "A Contact header field MAY be present in an OPTIONS. An Accept header field SHOULD be included
  // to indicate the type of message body the UAC wishes to receive in the response." (11.1)
  constexpr void add_own(field_list& fields, method m) const {
    fields.add("Supported", element().own.supported);
    if (m == method::options) fields.add("Accept", element().own.accept);
  }
  static constexpr bool has_contact(method m) {
    return traits(m).requires_contact || m == method::options;
  }

  // The dialog that a request is in: another one of the call may be the user's by now. None if it
  // is over, or the call.
  constexpr call_record* dialog_of(record const& r, std::string_view remote_tag) {
    call_record* const c = find(r.call);
    return c ? find_branch(*c, remote_tag) : nullptr;
  }
  // A response to one of ours, as the rules of its call see it.
  constexpr call_message as_response(record const& r, status_code status) const {
    message const request = layer_.request(r.transaction);
    call_message said;
    said.event = response_event(direction::received, status, request.method(), mark::to_tag);
    said.cseq = request.cseq().number;
    return said;
  }

  constexpr request_handle send_in_call(call_record& c, call_request const& q, instant now) {
    call_message const said = request_of(q.method, next_cseq(c), mark::to_tag);
    if (Size.requests == 0 || !is_for_user(q.method, q.method_name) || c.dialog.empty() ||
        c.rules.rules().judge(said).refused())
      return no_request(sending::refused);
    record* const r = take_request(request_phase::sent);
    if (!r) return no_request(sending::full);
    r->call = handle_of(c);
    field_list fields;
    add_own(fields, q.method);
    in_dialog_parts p;
    p.method = q.method;
    p.method_name = q.method_name;
    p.cseq = said.cseq;
    if (has_contact(q.method)) p.contact = c.contact;
    p.content = q.content;
    sending result = sending::unwritable;
    if (fields.add(q.extra)) result = send_in_dialog(c, p, fields.all(), now, r->transaction);
    if (result != sending::sent) {
      release_request(*r);
      return no_request(result);
    }
    layer_.set_owner(r->transaction, number_of(*r));
    (void)step(c, said, now);
    schedule(c);
    return request_name(*r);
  }

  // A response to one of ours. What its failure does to the call depends on the method (RFC 5057
  // 5): MESSAGE and OPTIONS, for example, belong to no session that a 481 could end.
  constexpr void on_user_response(arrival const& a, record& r, instant now) {
    message const& m = a.message;
    if (!is_final(m.status())) {
      r.has_provisional = true;
      return tell_request(user_event_kind::response, r, m.status(), m);
    }
    if (m.status() == 503 && to_next_hop(r, now)) return;
    if (!r.call) {
      if (asks_again(r.credentials, a) && send_outside_again(r, now)) return;
      return tell_last(r, m.status(), m);
    }
    message const request = layer_.request(r.transaction);
    call_record* const d = dialog_of(r, request.to_tag());
    if (!d) return tell_last(r, m.status(), m);
    bool const again = asks_again(*d, a);
    auto const taken = step(*d, as_response(r, m.status()), now);
    if (again && send_in_call_again(*d, r, now)) return schedule(*d);
    // "When a UAC receives a 2xx response to a target refresh request, it MUST replace the dialog's
    // remote target URI with the URI from the Contact header field in that response, if present."
    // (12.2.1.2)
    if (is_success(m.status()) && is_target_refresh(request.method())) replace_target(*d, m);
    tell_last(r, m.status(), m);
    (void)end_if_lost(*d, taken, m.status(), now, m);
    schedule(*d);
  }
  // None came: 8.1.3.1 has it 408 or 503. "Failure also occurs if the transaction layer times out
  // without ever having received any response, provisional or final" (RFC 3263 4.3).
  constexpr void on_user_failure(record& r, status_code status, instant now) {
    bool const has_failed = status != status_of_timeout || !r.has_provisional;
    if (has_failed && to_next_hop(r, now)) return;
    call_record* const d = dialog_of(r, layer_.request(r.transaction).to_tag());
    if (!d) return tell_last(r, status, no_message);
    auto const taken = step(*d, as_response(r, status), now);
    tell_last(r, status, no_message);
    (void)end_if_lost(*d, taken, status, now, no_message);
    schedule(*d);
  }
  constexpr void tell_last(record& r, status_code status, message const& m) {
    tell_request(user_event_kind::response, r, status, m);
    release_request(r);
  }
  // A dialog has a peer, and no list of hops.
  constexpr bool to_next_hop(record& r, instant now) {
    if (!send_to_next_hop(r.other_hops, r.transaction, number_of(r), r.over, r.peer, r.transaction,
                          now))
      return false;
    r.has_provisional = false;
    return true;
  }
  constexpr bool send_outside_again(record& r, instant now) {
    if (++r.tries > most_tries) return false;
    message const old = layer_.request(r.transaction);
    std::uint32_t const cseq = old.cseq().number + 1;
    return send_with(r.credentials, number_of(r), old.method(), {r.peer, r.over}, {}, now,
                     r.transaction, repeated_request{old, cseq, {}}) == sending::sent;
  }
  constexpr bool send_in_call_again(call_record& c, record& r, instant now) {
    message const old = layer_.request(r.transaction);
    call_message const said = request_of(old.method(), next_cseq(c), mark::to_tag);
    if (++r.tries > most_tries || c.rules.rules().judge(said).refused()) return false;
    hop const to{layer_.peer(r.transaction), layer_.over(r.transaction)};
    if (send_request(c, old.method(), to, {}, now, r.transaction,
                     repeated_request{old, said.cseq, c.contact}) != sending::sent)
      return false;
    layer_.set_owner(r.transaction, number_of(r));
    (void)step(c, said, now);
    return true;
  }

  // ---- Theirs

  constexpr void ask_for_answer(arrival const& a, call_record* c, instant now) {
    record* const r = a.transaction && can_tell() ? take_request(request_phase::asked) : nullptr;
    if (!r) {
      ++counts_.refused;
      return reply(a, 503, now, c);
    }
    // The call that the user knows has all dialogs of its INVITE.
    if (c) r->call = handle_of(call_of(*c));
    r->transaction = a.transaction;
    r->patience = now + 64 * timers().t1;
    layer_.set_owner(a.transaction, number_of(*r));
    tell_request(user_event_kind::request, *r, 0, a.message);
  }
  constexpr sending answer_request(record& r, request_answer const& with, instant now) {
    if (!layer_.alive(r.transaction)) {
      release_request(r);
      return sending::gone;
    }
    // A 408 is for INVITE requests only (RFC 4320 4.2).
    if (with.status < 200 || with.status > 699 || with.status == status_of_timeout)
      return sending::refused;
    field_list fields;
    if (!fields.add(with.extra)) return sending::unwritable;
    message const request = layer_.request(r.transaction);
    // A dialog that is no call's has nobody here to keep it.
    bool const in_dialog = !request.to_tag().empty();
    if (!in_dialog && is_success(with.status) &&
        traits(request.method()).creates_dialog != dialog_creation::none)
      return sending::refused;
    identifier const tag = layer_.identifiers().token();
    response_parts p;
    p.status = with.status;
    p.to_tag = tag.view();
    // "A UAS MUST NOT insert a Contact header field into a 2xx response" (RFC 3428 7).
    bool const refreshes =
        in_dialog && is_success(with.status) && is_target_refresh(request.method());
    call_record* const d = refreshes ? dialog_of(r, request.from_tag()) : nullptr;
    if (refreshes) p.contact = d ? d->contact : contact_for(false);
    p.extra = fields.all();
    p.content = with.content;
    call_record* const c = find(r.call);
    auto const result = c ? respond_in(*c, r.transaction, request.method(), p, now)
                          : layer_.respond(r.transaction, p, now);
    if (result != sending::sent) return result;
    // 12.2.2.
    if (d) replace_target(*d, request);
    release_request(r);
    return result;
  }

  constexpr instant next_patience() const {
    instant first = instant::never();
    for (record const& r : requests_.span())
      if (r.phase == request_phase::asked && r.patience < first) first = r.patience;
    return first;
  }
  // "A server MUST NOT send a 408 (Request Timeout) to non-INVITE requests" (RFC 4320 4.2).
  constexpr void lose_patience(instant now) {
    for (record& r : requests_.span()) {
      if (r.phase != request_phase::asked || now < r.patience) continue;
      ++counts_.unanswered;
      layer_.abandon(r.transaction);
      release_request(r);
    }
  }

 private:
  [[no_unique_address]] records<record, Size.requests> requests_{};
};

} // namespace ctsip::detail
