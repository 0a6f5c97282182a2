// What comes to the calls of an endpoint: requests, responses, failures and timers, each a step of
// the rules of its call and then what the step asks for.
// RFC 3261 9.2, 12.2.2, 13.2.2, 13.3, 14.2, 15.1.2, RFC 3262, RFC 3311, RFC 4028, RFC 6141.
// Read user_requests.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/user_agent/user_requests.hpp>

namespace ctsip::detail {

template <endpoint_size Size, class Traits>
class call_receiver : public user_requests<Size, Traits> {
  using base = user_requests<Size, Traits>;

 protected:
  using base::acknowledge;
  using base::acknowledge_late;
  using base::answers_challenges;
  using base::ask;
  using base::ask_for_answer;
  using base::asks_again;
  using base::awaits_first_ack;
  using base::awaits_first_answer;
  using base::awaits_prack;
  using base::base;
  using base::begin_rules;
  using base::call_of;
  using base::calls_;
  using base::can_tell;
  using base::contact_for;
  using base::content_of;
  using base::counts_;
  using base::drain;
  using base::element;
  using base::end_if_lost;
  using base::exchange_dialogs;
  using base::find;
  using base::find_asked;
  using base::find_branch;
  using base::find_dialog;
  using base::finish;
  using base::forget_asked;
  using base::forget_dialog;
  using base::fork_release;
  using base::give_up;
  using base::handle_of;
  using base::has_place;
  using base::has_timer;
  using base::has_unacknowledged;
  using base::index_of;
  using base::invite_next_hop;
  using base::is_session;
  using base::is_sips;
  using base::keep_session;
  using base::knows_100rel;
  using base::layer_;
  using base::leave_dialog;
  using base::leave_session;
  using base::live_releases_;
  using base::lose_modification;
  using base::min_se_;
  using base::modification_message;
  using base::modifies_sessions;
  using base::next_fork;
  using base::next_released_;
  using base::no_owner;
  using base::note_requests;
  using base::on_user_failure;
  using base::on_user_response;
  using base::owe_prack;
  using base::owe_prack_again;
  using base::owner_of;
  using base::owns_call_id;
  using base::provisional_message;
  using base::received_message;
  using base::refresh_if_due;
  using base::refuse;
  using base::refuse_asked;
  using base::refuse_pending;
  using base::registrations_;
  using base::release;
  using base::released_forks_;
  using base::replace_target;
  using base::reply;
  using base::reply_in;
  using base::requests_given_up_;
  using base::response_of;
  using base::schedule;
  using base::send_invite_again;
  using base::send_pracks;
  using base::send_provisional;
  using base::send_request;
  using base::send_success;
  using base::sent_by;
  using base::session_of;
  using base::sips_contact_;
  using base::step;
  using base::step_sent;
  using base::success_message;
  using base::supported;
  using base::take_call;
  using base::take_fork;
  using base::tell;
  using base::timers;
  using base::trying;
  using base::wait_to_retry;
  using base::waits_to_modify;
  using typename base::act;
  using typename base::call_record;
  using typename base::call_rules;
  using typename base::dialog_parts_view;

  constexpr void dispatch(arrival const& a, instant now) {
    live_releases_ -= a.owner == fork_release && !layer_.alive(a.transaction);
    if (registrations_.take(layer_, a, now)) return;
    switch (a.kind) {
    case arrival_kind::request: return on_request(a, now);
    case arrival_kind::ack: return on_ack(a, now);
    case arrival_kind::response: return on_response(a, now);
    case arrival_kind::timeout: return on_failure(a, status_of_timeout, now);
    case arrival_kind::transport_error: return on_failure(a, status_of_transport_error, now);
    case arrival_kind::nothing:
    case arrival_kind::ended: return;
    }
  }

  constexpr bool is_interval_too_small(call_message const& said) const {
    return has_timer() && said.supports_timer && said.session_expires != 0 &&
           said.session_expires < min_se_;
  }

  constexpr void on_request(arrival const& a, instant now) {
    message const& m = a.message;
    if (m.method() == method::cancel) return on_cancel(a, now);
    if (m.to_tag().empty()) {
      if (m.method() == method::invite) return on_invite(a, now);
      // 11.2: what an INVITE would be answered.
      if (m.method() == method::options) return reply(a, has_place() ? 200 : 486, now);
      if (!traits(m.method()).outside_dialog) return reply(a, 481, now);
      if (Size.requests == 0 || !is_for_user(m.method())) return reply(a, 405, now);
      return ask_for_answer(a, nullptr, now);
    }
    call_record* const c = find_dialog(m);
    if (!c) return reply(a, 481, now);
    // Our BYE has been answered: "In the Mortal state, BYE can be accepted, and the other messages
    // in the INVITE dialog usage are responded to with an error" (RFC 5407 2).
    if (c->phase == call_phase::lingering) {
      if constexpr (knows_100rel)
        if (m.method() == method::prack) return on_late_prack(a, *c, now);
      return m.method() == method::bye && layer_.alive(c->bye) ? reply(a, 200, now, c)
                                                               : reply(a, 481, now);
    }
    // Of what this user agent does not support the rules see only that it is a request.
    call_message said = received_message(m);
    bool const serves = m.method() == method::bye || m.method() == method::invite ||
                        (knows_100rel && m.method() == method::prack) ||
                        (modifies_sessions && m.method() == method::update);
    if (!serves) {
      said.event.method = method::options;
      said.content = content::none;
    }
    auto const taken = step(*c, said, now);
    // "If the remote sequence number was not empty, but the sequence number of the request is
    // lower than the remote sequence number, the request is out of order and MUST be rejected with
    // a 500" (12.2.2).
    if (taken.template does<ctsip::dialog>().has(ctsip::dialog::action::answer_500))
      reply(a, 500, now, c);
    else if (taken.template does<ctsip::dialog>().has(ctsip::dialog::action::answer_481))
      reply(a, 481, now, c);
    else if (m.method() == method::bye)
      on_bye(a, *c, now);
    else if (m.method() == method::options)
      reply(a, 200, now, c);
    else if (!serves && (Size.requests == 0 || !is_for_user(m.method())))
      reply(a, 405, now, c);
    else if (!serves && call_of(*c).end_told)
      // Nothing is told after the last event of a call, of which another dialog may be left.
      reply(a, 481, now);
    else if (!serves)
      ask_for_answer(a, c, now);
    else
      on_session_request(a, *c, said, taken, now);
    schedule(*c);
  }

  // The PRACK for a reliable 1xx that was unacknowledged when the call was refused. An offer in it
  // is for a session that is not to be.
  constexpr void on_late_prack(arrival const& a, call_record& c, instant now) {
    if (!acknowledges_invite(a)) return reply(a, 481, now);
    call_message const said = received_message(a.message);
    auto const taken = step(c, said, now);
    if (taken.template does<ctsip::dialog>().has(ctsip::dialog::action::answer_481) ||
        !taken.template does<reliable_provisional>().has(
            reliable_provisional::action::answer_prack))
      return reply(a, 481, now);
    bool const offers = has_sdp(said.content) && !c.dialog.source().body().empty();
    reply_in(c, a, offers ? 488 : 200, now);
    if (!has_unacknowledged(c)) release(c);
  }
  // "whose method, CSeq-num, and response-num in the RAck header field match" (RFC 3262 3).
  static constexpr bool acknowledges_invite(arrival const& a) {
    return rack_view{a.message[header::rack]}.cseq.method == method::invite;
  }

  // A re-INVITE, UPDATE or PRACK.
  constexpr void on_session_request(arrival const& a, call_record& c, call_message const& said,
                                    typename call_rules::step const& taken, instant now) {
    auto const modifies = taken.template does<session_modification>();
    auto const offers = taken.template does<offer_answer>();
    auto const reliable = taken.template does<reliable_provisional>();
    bool const sdp = has_sdp(said.content);
    if (reliable.has(reliable_provisional::action::answer_481) ||
        (said.event.method == method::prack && !acknowledges_invite(a)))
      return reply_in(c, a, 481, now);
    if (modifies.has(session_modification::action::answer_491) ||
        offers.has(offer_answer::action::answer_491))
      return reply_in(c, a, 491, now);
    if (modifies.has(session_modification::action::answer_500_retry_after) ||
        offers.has(offer_answer::action::answer_500_retry_after))
      return reply_in(c, a, 500, now, true);
    if (offers.has(offer_answer::action::answer_488)) return reply_in(c, a, 488, now);
    if (is_interval_too_small(said)) return reply_in(c, a, 422, now);
    method const m = said.event.method;
    call_rules const& rules = c.rules.rules();
    // The answer to our offer in a reliable 1xx asks for nothing.
    bool const offer =
        sdp && (m != method::prack ||
                rules.template is<offer_answer>(offer_answer::state::received_their_offer));
    bool const changes = offer && !repeats_session(c, a.message);
    if constexpr (modifies_sessions) {
      // "A UAS providing an offer in a 2xx (because the INVITE did not contain an offer) SHOULD
      // construct the offer as if the UAS were making a brand new call" (14.2): the user has it.
      bool const asks_for_offer = m == method::invite && !sdp;
      if ((changes || asks_for_offer) && !c.is_fork) {
        if (find_asked(handle_of(c)) || !can_tell()) return reply_in(c, a, 500, now, true);
        return ask_user(a, c, now);
      }
    }
    if (changes) return reply_in(c, a, 488, now);
    // Who repeats his offer is given our answer, and in a dialog without a user who sends none
    // ours.
    message_body const body =
        offer || (modifies_sessions && m == method::invite) ? session_of(c) : message_body{};
    if (m == method::invite && body.body.empty()) return reply_in(c, a, 488, now);
    call_message const success = success_message(c, m, said.cseq, content_of(body));
    if (rules.judge(success).refused() ||
        send_success(c, a.transaction, success, body, now) != sending::sent)
      return reply_in(c, a, 488, now);
    (void)step(c, success, now);
    if (m == method::prack) {
      note_theirs(c, a.message);
      tell(user_event_kind::acknowledged, c, 0, a.message);
      drain(c, now);
    }
  }

  // Whether an offer is the description that they have had last: "this is effectively a no-op.
  // However, the answerer MUST generate a valid answer (which MAY be the same as the previous SDP
  // from the answerer" (RFC 3264 8). So a session is refreshed (RFC 4028 7.4). Where none can be
  // modified, that is the one of the message that the dialog comes from.
  constexpr bool repeats_session(call_record const& c, message const& m) const {
    if constexpr (modifies_sessions)
      return c.modification.theirs == key_of(sdp_of(m));
    else
      return m.body() == c.dialog.source().body();
  }
  // Their description by which a session is agreed on.
  constexpr void note_theirs(call_record& c, message const& m) {
    if constexpr (modifies_sessions)
      if (auto const sdp = sdp_of(m); !sdp.empty()) c.modification.theirs = key_of(sdp);
  }
  constexpr transaction_key key_of(std::string_view sdp) const {
    auto h = hash_for(element().seed, key_space::session);
    h.text(sdp, letters::exactly);
    return h.finish();
  }

  // What the user wants to be modified, and what he says of their modification (endpoint.hpp).
  constexpr sending modify_session(call_handle h, message_body const& session, instant now) {
    call_record* const c = find(h);
    if (!c) return sending::gone;
    content const offer = content_of(session);
    // "a UAC MAY send a re-INVITE with no session description, in which case the first reliable
    // non-failure response to the re-INVITE will contain the offer" (14.1). An UPDATE without one
    // asks for nothing (RFC 3311 5.1, RFC 6337 2.2).
    bool const offers = has_sdp(offer);
    if (!offers && !session.body.empty()) return sending::refused;
    switch (c->phase) {
    case call_phase::calling:
      if (c->wishes.has(act::cancel) || c->cancelled) return sending::gone;
      if (!offers) return sending::refused;
      break;
    case call_phase::incoming: {
      auto const judged = c->rules.rules().judge(modification_message(*c, offer));
      if (!offers || judged.refused() || c->wishes.has(act::ring) || c->wishes.has(act::answer))
        return sending::refused;
      break;
    }
    case call_phase::accepted:
    case call_phase::established:
      if (c->wishes.has(act::bye) || awaits_first_answer(*c)) return sending::gone;
      break;
    case call_phase::free:
    case call_phase::ending:
    case call_phase::lingering: return sending::gone;
    }
    bool const waited = waits_to_modify(*c);
    if (!c->wanted.keep(session)) return sending::unwritable;
    c->modification.retry = instant::never();
    c->tries = 0;
    if (awaits_first_ack(*c)) {
      c->wishes.keep(act::modify);
      return sending::deferred;
    }
    auto const result = ask(*c, act::modify, now);
    // What waited has given its place.
    if (result != sending::sent && result != sending::deferred) {
      if (waited) tell(user_event_kind::unmodified, *c);
      refresh_if_due(*c, now);
      schedule(*c);
    }
    return result;
  }
  constexpr sending retract_modification(call_handle h, instant now) {
    call_record* const c = find(h);
    if (!c || !is_session(*c) || c->wishes.has(act::bye)) return sending::gone;
    auto& open = c->modification;
    if (waits_to_modify(*c)) {
      c->wishes.drop(act::modify);
      lose_modification(*c, now, 487);
      schedule(*c);
      return sending::sent;
    }
    if (!open.reinvite_open || open.reinvite_act != act::modify) return sending::gone;
    open.retracted = true;
    return ask(*c, act::retract, now);
  }
  constexpr sending accept_asked(call_handle h, message_body const& session, instant now) {
    call_record* const c = find_asked(h);
    if (!c) return sending::gone;
    auto const& asked = c->modification;
    method const m = asked.asked_method;
    call_message const said = success_message(*c, m, asked.asked_cseq, content_of(session));
    if (c->rules.rules().judge(said).refused()) return sending::refused;
    auto const result = send_success(*c, asked.asked, said, session, now);
    if (result == sending::sent) {
      note_theirs(*c, layer_.request(asked.asked));
      forget_asked(*c);
      (void)step(*c, said, now);
      if (m == method::prack) tell(user_event_kind::acknowledged, *c);
      drain(*c, now);
    }
    schedule(*c);
    return result;
  }
  constexpr sending reject_asked(call_handle h, status_code status, instant now) {
    call_record* const c = find_asked(h);
    if (!c) return sending::gone;
    method const m = c->modification.asked_method;
    if (status < 300 || status > 699 || effect_of(status, m) != response_effect::transaction)
      return sending::refused;
    if (c->rules.rules().judge(response_of(status, m, c->modification.asked_cseq)).refused())
      return sending::refused;
    return refuse_asked(*c, status, now);
  }

  constexpr void ask_user(arrival const& a, call_record& c, instant now) {
    auto& asked = c.modification;
    asked.asked = a.transaction;
    asked.asked_cseq = a.message.cseq().number;
    asked.asked_method = a.message.method();
    c.patience = now + (a.message.method() == method::invite ? 64 * timers().t1 : timers().t2);
    layer_.set_owner(a.transaction, index_of(c));
    tell(user_event_kind::modification, c, 0, a.message);
  }

  // "If the request that initiated the dialog contained a SIPS URI in the Request-URI or in the top
  // Record-Route header field value, if there was any, or the Contact header field if there was no
  // Record-Route header field, the Contact header field in the response MUST be a SIPS URI"
  // (12.1.1). Where there is no such Contact, ours is what it is.
  constexpr bool asks_for_sips(message const& m) const {
    if (sips_contact_.empty()) return false;
    if (is_sips(m.request_uri())) return true;
    if (!m.has(header::record_route)) return is_sips(m.contact().uri());
    return is_sips(name_addr_view{first_element(m[header::record_route])}.uri());
  }
  constexpr void on_invite(arrival const& a, instant now) {
    call_message const said = received_message(a.message);
    if (is_interval_too_small(said)) return reply(a, 422, now);
    // A call that the user would never hear of is not taken.
    call_record* const c = can_tell() ? take_call() : nullptr;
    if (!c) {
      ++counts_.busy;
      return reply(a, 486, now);
    }
    c->phase = call_phase::incoming;
    c->contact = contact_for(asks_for_sips(a.message));
    c->over = a.over;
    c->peer = a.source;
    c->invite = a.transaction;
    c->invite_cseq = said.cseq;
    // "The value of the header field for the first reliable provisional response in a transaction
    // MUST be between 1 and 2**31 - 1. It is RECOMMENDED that it be chosen uniformly" (RFC 3262 3).
    c->first_rseq = 1 + static_cast<std::uint32_t>(layer_.identifiers().draw() % 0x7fff'ffff);
    (void)step(*c, said, now);
    note_theirs(*c, a.message);
    (void)c->dialog.keep(a.message);
    auto const expires = seconds_view{a.message[header::expires]}.seconds().clipped_or(0);
    if (expires != 0) c->rules.arm(timer::invite_expires, {std::int64_t{expires} * 1000}, now);
    schedule(*c);
    layer_.set_owner(a.transaction, index_of(*c));
    tell(user_event_kind::incoming, *c, 0, a.message);
  }

  constexpr void on_cancel(arrival const& a, instant now) {
    auto const invite = layer_.find_cancelled(a.message);
    if (!invite) return reply(a, 481, now);
    // "the To tag of the response to the CANCEL and the To tag in the response to the original
    // request SHOULD be the same" (9.2).
    auto const owner = layer_.owner(invite);
    call_record* const c =
        owner < Size.calls && (calls_[owner].invite == invite || is_asked(calls_[owner], invite))
            ? &calls_[owner]
            : nullptr;
    reply(a, 200, now, c);
    if (!c) return;
    // It was matched by its branch (9.2), whatever number it has.
    call_message cancel = received_message(a.message);
    cancel.cseq = c->invite_cseq;
    if constexpr (modifies_sessions)
      if (c->invite != invite) cancel.cseq = c->modification.asked_cseq;
    (void)step(*c, cancel, now);
    (void)step_sent(*c, 200, method::cancel, cancel.cseq, now);
    if (is_asked(*c, invite)) {
      if constexpr (modifies_sessions) (void)refuse_asked(*c, 487, now);
    } else if (c->phase == call_phase::incoming) {
      (void)refuse(*c, 487, now);
      return finish(*c, user_event_kind::cancelled, now, 0, a.message);
    }
    schedule(*c);
  }
  // Whether it is a re-INVITE that its user is to answer.
  static constexpr bool is_asked(call_record const& c, transaction_handle h) {
    if constexpr (modifies_sessions)
      return c.modification.asked == h;
    else
      return false;
  }

  constexpr void on_bye(arrival const& a, call_record& c, instant now) {
    reply(a, 200, now, &c);
    (void)step_sent(c, 200, method::bye, a.message.cseq().number, now);
    if (leave_dialog(c, now)) return;
    if (c.phase == call_phase::calling) {
      // Its 2xx may all have been lost (13.3.1.4); what is left of the INVITE is cancelled.
      tell(user_event_kind::ended, c, 0, a.message);
      c.end_told = true;
      c.wishes.clear();
      (void)ask(c, act::cancel, now);
      return;
    }
    // "The UAC core MUST generate an ACK request for each 2xx" (13.2.2.4), whatever has come since.
    if (c.ack_asks) (void)acknowledge_late(c, {}, now);
    bool const awaits_response = c.phase == call_phase::ending && !c.wishes.has(act::bye);
    c.wishes.clear();
    refuse_pending(c, now);
    if (c.phase == call_phase::incoming) (void)refuse(c, 487, now);
    if (c.phase == call_phase::accepted || c.phase == call_phase::established)
      (void)c.success.process(success_retransmission::symbol::bye, now, c.over, timers());
    // When BYEs cross, ours awaits its own response, unless it was challenged and not sent again.
    if (!awaits_response) finish(c, user_event_kind::ended, now, 0, a.message);
  }

  constexpr void on_ack(arrival const& a, instant now) {
    call_record* const c = find_dialog(a.message);
    // Our BYE may have crossed it.
    bool const is_over = c && c->phase == call_phase::ending;
    if (!c ||
        (c->phase != call_phase::accepted && c->phase != call_phase::established && !is_over) ||
        !c->success.is(success_retransmission::state::unconfirmed) ||
        a.message.cseq().number != c->accepted_cseq) {
      ++counts_.unexpected;
      return;
    }
    (void)c->success.process(success_retransmission::symbol::ack, now, c->over, timers());
    if (is_over) return schedule(*c);
    bool const answers = modifies_sessions && c->rules.rules().template is<offer_answer>(
                                                  offer_answer::state::received_ack_due);
    (void)step(*c, received_message(a.message), now);
    note_theirs(*c, a.message);
    if (c->phase == call_phase::accepted) {
      c->phase = call_phase::established;
      if (!c->wishes.has(act::bye)) tell(user_event_kind::confirmed, *c, 0, a.message);
    } else if (answers) {
      tell(user_event_kind::modified, *c, 0, a.message);
    }
    drain(*c, now);
    schedule(*c);
  }

  constexpr void on_response(arrival const& a, instant now) {
    message const& m = a.message;
    if (auto* const r = sent_by(a)) return on_user_response(a, *r, now);
    call_record* c = owner_of(a);
    bool const again = c && asks_again(*c, a);
    switch (m.method()) {
    case method::bye:
      if (!c || !is_final(m.status())) return;
      (void)step(*c, received_message(m), now);
      if (answers_challenges && again && send_bye_again(*c, now)) return;
      return finish(*c, user_event_kind::ended, now, m.status(), m);
    case method::prack:
      if (!c || !is_final(m.status())) return;
      if constexpr (knows_100rel) on_prack_response(a, *c, received_message(m), now, again);
      return;
    case method::update:
      if constexpr (modifies_sessions)
        if (c) on_modification_response(a, *c, received_message(m), now, again);
      return;
    case method::invite: break;
    default: return;
    }
    if (c && c->invite == a.transaction) return on_first_response(a, c, now, again);
    if constexpr (modifies_sessions) {
      if (c && c->modification.reinvite == a.transaction)
        return on_modification_response(a, *c, received_message(m), now, again);
      if (!layer_.request(a.transaction).to_tag().empty()) return on_late_success(a, now);
    }
    on_first_response(a, c, now, again);
  }
  // The 2xx to an earlier re-INVITE once more.
  constexpr void on_late_success(arrival const& a, instant now) {
    message const& m = a.message;
    if (!is_success(m.status())) return;
    auto const index = identifier_source::index_of(m.from_tag());
    if (index >= Size.calls || calls_[index].phase == call_phase::free ||
        calls_[index].dialog.empty() || calls_[index].local_tag.view() != m.from_tag())
      return;
    (void)acknowledge(calls_[index], a.transaction, now, true);
    schedule(calls_[index]);
  }

  // "When authentication is requested by a 401 or 407 response, the UAC resends BYE with
  // appropriate credentials" (RFC 5407 D). False if it cannot be sent, nor later.
  constexpr bool send_bye_again(call_record& c, instant now) {
    std::uint32_t const generation = c.generation;
    auto const result = ask(c, act::bye, now);
    return result == sending::sent || result == sending::deferred || c.generation != generation ||
           c.phase != call_phase::ending;
  }

  constexpr void on_first_response(arrival const& a, call_record* c, instant now, bool again) {
    message const& m = a.message;
    if (is_success(m.status())) return on_success(a, c, now);
    if (!c || c->phase != call_phase::calling) {
      ++counts_.unexpected;
      return;
    }
    call_message const said = received_message(m);
    if (!is_final(m.status())) return on_provisional(a, *c, said, now);
    if (m.status() == 503 && invite_next_hop(*c, a.transaction, now)) return;
    auto const taken = step(*c, said, now);
    // Who does not want the call any more takes the challenge for its end.
    if (answers_challenges && again && !c->cancelled && !c->end_told &&
        !c->wishes.has(act::cancel) && send_invite_again(*c, a.transaction, now))
      return;
    // RFC 4028 7.3.
    if (m.status() == 422 && !c->cancelled && c->wishes.empty() &&
        taken.template does<session_timer>().has(session_timer::action::retry_with_min_se) &&
        send_invite_again(*c, a.transaction, now))
      return;
    finish(*c, user_event_kind::rejected, now, m.status(), m);
  }

  constexpr void on_provisional(arrival const& a, call_record& c, call_message const& said,
                                instant now) {
    message const& m = a.message;
    std::string_view const tag = m.to_tag();
    // "If a UAC receives a reliably sent 199 response on a dialog that has not previously been
    // created, it MUST acknowledge the 199 response"; one that is not reliable it "SHALL discard"
    // (RFC 6228 4), and needs no place for it.
    bool const is_void = m.status() == 199 && !said.event.has(mark::reliable);
    call_record* d = &c;
    if (m.status() == 100) {
      // Of the next hop: it is for all.
      for (call_record* f = next_fork(c); f; f = next_fork(*f)) (void)step(*f, said, now);
    } else if (!tag.empty()) {
      d = find_branch(c, tag);
      if (!d && !is_void && m.bytes().size() <= Size.message) {
        d = c.dialog.empty() ? &c : take_fork(c);
        if (d && d != &c) begin_rules(*d, c, now);
        if (d) (void)d->dialog.keep(m);
      }
    }
    // Whichever dialog it is for: a CANCEL may be sent from now on (9.1).
    if (d != &c) (void)step(c, trying(c), now);
    if (d ? takes_provisional(*d, said, m, now) : !said.event.has(mark::reliable))
      tell(user_event_kind::provisional, c, m.status(), m);
    if (d && d->is_fork && is_void && !owes_prack(*d)) release(*d);
    drain(c, now);
    schedule(c);
  }
  // One dialog's part of it. Whether it is the user's to know as a provisional response.
  constexpr bool takes_provisional(call_record& d, call_message const& said, message const& m,
                                   instant now) {
    bool const reliable = said.event.has(mark::reliable);
    call_rules const& rules = d.rules.rules();
    // The user has one session to agree on, with the first.
    if (d.is_fork && reliable && has_sdp(said.content) &&
        rules.template is<offer_answer>(offer_answer::state::sent_offerless))
      return false;
    auto const acts = step(d, said, now).template does<reliable_provisional>();
    if (acts.has(reliable_provisional::action::ignore_response)) return false;
    if (reliable) replace_target(d, m), note_theirs(d, m);
    if constexpr (knows_100rel)
      if (acts.has(reliable_provisional::action::send_prack)) {
        owe_prack(d, said);
        d.pracks.asks = rules.template is<offer_answer>(offer_answer::state::sent_offered);
        if (d.pracks.asks && d.pracks.due == 1) tell(user_event_kind::offered, d, m.status(), m);
        send_pracks(d, now);
      }
    schedule(d);
    return !prack_asks(d);
  }
  // Whether a PRACK of the dialog waits, which may follow a 199 (RFC 6228 7).
  static constexpr bool owes_prack(call_record const& c) {
    if constexpr (knows_100rel)
      return c.pracks.due != 0;
    else
      return false;
  }
  // Whether a PRACK of the call awaits the user's answer.
  static constexpr bool prack_asks(call_record const& c) {
    if constexpr (knows_100rel)
      return c.pracks.asks && owes_prack(c);
    else
      return false;
  }

  constexpr void on_success(arrival const& a, call_record* c, instant now) {
    message const& m = a.message;
    if (!c) return release_fork(a, now);
    call_record* d = find_branch(*c, m.to_tag());
    if (c->phase == call_phase::calling) {
      if (m.bytes().size() > Size.message) {
        finish(*c, user_event_kind::failed, now, 513, m);
        return release_fork(a, now);
      }
      if (d != c && !c->dialog.empty()) {
        leave_session(*c, now);
        // If the winner has not rung, what has rung keeps a place as long as there is one.
        if (call_record* const other = d ? d : take_fork(*c)) {
          exchange_dialogs(*c, *other);
          schedule(*other);
        } else {
          note_requests(*c);
          forget_dialog(*c);
        }
        if (!d) begin_rules(*c, *c, now);
      }
      return establish(a, *c, now);
    }
    if (d && d->phase == call_phase::calling && m.bytes().size() <= Size.message) {
      d->wishes.keep(act::bye);
      return establish(a, *d, now);
    }
    if (!d) return release_fork(a, now, c);
    (void)step(*d, received_message(m), now);
    if (!awaits_first_answer(*d)) (void)acknowledge(*d, a.transaction, now, true);
    schedule(*d);
  }

  // The user is to answer the offer in a 2xx. Their patience with a 2xx without an ACK is 64*T1
  // (13.3.1.4); ours with the user ends before.
  constexpr void await_answer(call_record& c, instant now) {
    c.ack_asks = true;
    c.patience = now + 32 * timers().t1;
  }
  constexpr void establish(arrival const& a, call_record& c, instant now) {
    message const& m = a.message;
    (void)c.dialog.keep(m);
    note_theirs(c, m);
    c.target.clear();
    // A CANCEL that was too late, or still waits, becomes a BYE (15).
    if (step(c, received_message(m), now)
            .template does<cancellation>()
            .has(cancellation::action::acknowledge_and_bye))
      c.wishes.keep(act::bye);
    c.retry = instant::never();
    c.tries = 0;
    if constexpr (knows_100rel) c.pracks.asks = false;
    c.phase = call_phase::established;
    bool const is_wanted = !c.wishes.has(act::cancel) && !c.wishes.has(act::bye) && !c.end_told;
    if (is_wanted && c.rules.rules().template is<offer_answer>(offer_answer::state::sent_ack_due)) {
      await_answer(c, now);
      tell(user_event_kind::offered, c, m.status(), m);
      return schedule(c);
    }
    schedule(c);
    if (!acknowledge(c, a.transaction, now, false))
      return finish(c, user_event_kind::failed, now, status_of_transport_error, m);
    send_pracks(c, now);
    if (c.wishes.has(act::cancel) || c.wishes.has(act::bye))
      c.wishes.drop(act::modify);
    else
      tell(user_event_kind::answered, c, m.status(), m);
    std::uint32_t const generation = c.generation;
    drain(c, now);
    // The user has had the last event, and no BYE may be sent: theirs was faster.
    if (c.generation == generation && c.end_told && c.phase == call_phase::established &&
        c.wishes.empty())
      finish(c, user_event_kind::ended, now);
  }

  // A 2xx that no call wants, from another branch of a fork: acknowledged each time, and released
  // by one BYE (13.2.2.4), from the response alone. How many requests it had in the dialog before
  // is not known: "It is possible for the CSeq sequence number to be higher than the remote
  // sequence number by more than one. This is not an error condition" (12.2.2). A callee that makes
  // up branches gets its ACKs, but no BYE once these would take more than half of the transactions.
  constexpr void release_fork(arrival const& a, instant now, call_record* family = nullptr) {
    message const& m = a.message;
    ++counts_.unexpected;
    dialog_parts_view const dialog{dialog_source{m}, m.from_tag()};
    hop const to = dialog.next_hop({layer_.peer(a.transaction), a.over});
    message const invite = layer_.request(a.transaction);
    identifier const branch = layer_.identifiers().branch();
    in_dialog_parts ack;
    ack.method = method::ack;
    ack.via = {to.over, element().sent_by, branch.view(), true};
    ack.cseq = invite.cseq().number;
    request_parts r = in_dialog(dialog.parts, ack);
    layer_.send_directly(write_request(layer_.buffer(), r, {nullptr, &invite}).text(), to.to,
                         to.over);
    transaction_parts dialog_of_peer;
    dialog_of_peer.from_tag = m.to_tag();
    dialog_of_peer.call_id = m.call_id();
    auto const fork = merged_key(element().seed, dialog_of_peer);
    for (auto const& released : released_forks_)
      if (released == fork) return;
    if (2 * live_releases_ >= Size.transactions) return;
    r.method = method::bye;
    r.cseq += 1 + requests_given_up_;
    composed_request const text{r};
    transaction_handle bye;
    auto const result =
        family ? send_request(*family, method::bye, to, supported(), now, bye, text)
               : layer_.send_request(method::bye, to.to, to.over, now, no_owner,
                                     [&](std::span<char> buffer, via_parts const& via) {
                                       return text.write(buffer, via, supported());
                                     });
    if (result != sending::sent) return;
    layer_.set_owner(bye, fork_release);
    ++live_releases_;
    released_forks_[next_released_] = fork;
    next_released_ = (next_released_ + 1) % std::size(released_forks_);
  }

  // A final response to a PRACK, or that there was none.
  constexpr void on_prack_response(arrival const& a, call_record& c, call_message const& said,
                                   instant now, bool again = false) {
    if (c.pracks.sent == a.transaction) c.pracks.sent = c.pracks.earlier;
    c.pracks.earlier = {};
    auto const taken = step(c, said, now);
    if (!end_if_lost(c, taken, said.event.status, now, a.message)) {
      // One that another request has overtaken is "out of order and MUST be rejected with a 500"
      // (RFC 3261 12.2.2), and is due again (reliable_provisional.hpp, choice 5).
      bool const overtaken = said.event.status == 500 && ++c.tries <= base::most_tries;
      if ((answers_challenges && again) || overtaken) {
        owe_prack_again(c, layer_.request(a.transaction));
        send_pracks(c, now);
      }
      drain(c, now);
    }
    schedule(c);
  }

  // A reliable 1xx to our re-INVITE. "If a UA receives a reliable provisional response or a 2xx
  // response to a target-refresh request, the UA MUST replace the dialog's remote target URI" (RFC
  // 6141 4.7). With an answer the session is the one that we have offered, and may be another one
  // by the time of the 2xx (3.6). An offer is answered by the user in the PRACK (RFC 3262 5).
  constexpr void take_early_session(arrival const& a, call_record& c, call_message const& said) {
    replace_target(c, a.message);
    auto& open = c.modification;
    message_body const ours = body_of(layer_.request(a.transaction));
    bool const offers =
        c.rules.rules().template is<offer_answer>(offer_answer::state::sent_offered);
    if (!has_sdp(said.content) || open.answered || (ours.body.empty() && !offers)) return;
    open.answered = true;
    note_theirs(c, a.message);
    if (offers) { // its PRACK is the first
      c.pracks.asks = true;
      c.pracks.repeats = false;
      c.pracks.due = 0;
    } else {
      keep_session(c, ours);
    }
    if (open.reinvite_act == act::modify)
      tell(offers ? user_event_kind::offered : user_event_kind::provisional, c, said.event.status,
           a.message);
  }
  // A response to our re-INVITE or UPDATE, or that there was none.
  constexpr void on_modification_response(arrival const& a, call_record& c,
                                          call_message const& said, instant now,
                                          bool again = false) {
    message const& m = a.message;
    bool const invites = said.event.method == method::invite;
    status_code const status = said.event.status;
    auto& open = c.modification;
    act const what = invites ? open.reinvite_act : open.update_act;
    auto const taken = step(c, said, now);
    if (!is_final(status)) {
      if constexpr (knows_100rel)
        if (taken.template does<reliable_provisional>().has(
                reliable_provisional::action::send_prack)) {
          take_early_session(a, c, said);
          owe_prack(c, said);
          send_pracks(c, now);
        }
      drain(c, now);
      return schedule(c);
    }
    bool const first = invites ? open.reinvite_open : true;
    // Whether an offer in a reliable 1xx has had no answer, and has none any more.
    bool unanswered = false;
    if (invites) {
      open.reinvite_open = false;
      c.wishes.drop(act::retract);
      if constexpr (knows_100rel) {
        unanswered = prack_asks(c);
        if (unanswered) c.pracks.asks = false, c.pracks.due = 0;
      }
    } else {
      open.update = {};
    }
    if (is_success(status)) {
      if (first) replace_target(c, m), note_theirs(c, m);
      bool const asks =
          invites && first && c.phase == call_phase::established && !c.wishes.has(act::bye) &&
          c.rules.rules().template is<offer_answer>(offer_answer::state::sent_ack_due);
      if (asks) await_answer(c, now);
      if (invites) {
        // Repetitions of it are acknowledged for 64*T1, whatever becomes of the call.
        if (first) c.rules.arm(timer::ack_retransmission, 64 * timers().t1, now);
        if (!c.ack_asks) (void)acknowledge(c, a.transaction, now, !first);
      }
      if (first) {
        c.tries = 0;
        // Who has accepted it counts from its 2xx, which may be older than it is here (RFC 4028
        // 10).
        if (taken.timers().starts >> static_cast<unsigned>(timer::session_refresh) & 1u)
          c.rules.arm(timer::session_refresh, c.rules.rules().wait(timer::session_refresh),
                      open.sent);
        message_body const ours = body_of(layer_.request(a.transaction));
        bool const early = invites && open.answered;
        if (!ours.body.empty() && !early) keep_session(c, ours);
        // Without an offer in any of the responses nothing has changed.
        bool const agreed = !ours.body.empty() || (early && !unanswered);
        if (what == act::modify && c.phase != call_phase::ending)
          tell(asks     ? user_event_kind::offered
               : agreed ? user_event_kind::modified
                        : user_event_kind::unmodified,
               c, status, m);
        drain(c, now);
      }
      return schedule(c);
    }
    if (!first) return schedule(c);
    if (end_if_lost(c, taken, status, now, m)) {
      if (what == act::modify) tell(user_event_kind::unmodified, c, status, m);
      return schedule(c);
    }
    // What they have described in a reliable 1xx is not the session, nor is it known which one was:
    // the user is asked about the next.
    if (invites && open.answered) open.theirs = {};
    auto const modifies = taken.template does<session_modification>();
    bool retries = false;
    if (invites && open.retracted) {
      // Nobody wants it any more.
    } else if (answers_challenges && again) {
      retries = wait_to_retry(c, a, what, {0}, now);
    } else if (modifies.has(session_modification::action::wait_after_glare)) {
      retries = wait_to_retry(c, a, what,
                              glare_window(owns_call_id(c)).pick(layer_.identifiers().draw()), now);
    } else if (modifies.has(session_modification::action::wait_retry_after) ||
               (what == act::refresh && status == 500)) {
      // A refresh that another request has overtaken is answered 500 without Retry-After (12.2.2),
      // and nobody has refused it: "retry if possible" (RFC 4028 10).
      auto const seconds = retry_after_view{m[header::retry_after]}.seconds().clipped_or(4);
      retries = seconds <= 60 && wait_to_retry(c, a, what, {std::int64_t{seconds} * 1000}, now);
    } else if (taken.template does<session_timer>().has(session_timer::action::retry_with_min_se)) {
      retries = wait_to_retry(c, a, what, {0}, now);
    }
    if (!retries && what == act::modify && is_session(c)) lose_modification(c, now, status, m);
    drain(c, now);
    schedule(c);
  }
  // A response that cannot be sent, over a stream not even on a connection of its own, is left to
  // its retransmission, which the caller's own brings about (RFC 6026 8.8: the transaction stays);
  // so only requests of ours fail. 8.1.3.1: a timeout is treated as a 408, a transport error as a
  // 503.
  constexpr void on_failure(arrival const& a, status_code status, instant now) {
    if (auto* const r = sent_by(a)) return on_user_failure(*r, status, now);
    call_record* const c = owner_of(a);
    if (!c) return;
    if (c->phase == call_phase::calling && c->invite == a.transaction) {
      if (invite_next_hop(*c, a.transaction, now)) return;
      return finish(*c, user_event_kind::failed, now, status);
    }
    if (c->phase == call_phase::ending && c->bye == a.transaction)
      return finish(*c, user_event_kind::ended, now, status);
    message const request = layer_.request(a.transaction);
    call_message said;
    said.event = response_event(direction::received, status, request.method(), mark::to_tag);
    said.cseq = request.cseq().number;
    if constexpr (knows_100rel)
      if (c->pracks.sent == a.transaction || c->pracks.earlier == a.transaction)
        return on_prack_response(a, *c, said, now);
    if constexpr (modifies_sessions) {
      auto const& open = c->modification;
      if (open.update == a.transaction || (open.reinvite == a.transaction && open.reinvite_open))
        on_modification_response(a, *c, said, now);
    }
  }

  constexpr void fire(call_record& c, instant now) {
    if (c.retry <= now) {
      c.retry = instant::never();
      send_pracks(c, now);
      drain(c, now);
    } else if (is_to_modify_again(c, now)) {
      if constexpr (modifies_sessions) modify_again(c, now);
    } else if (c.patience <= now && c.phase == call_phase::lingering) {
      c.patience = instant::never();
      if (!c.rules.is_armed(timer::ack_retransmission)) release(c);
    } else if (c.patience <= now && c.ack_asks) {
      give_up(c, status_of_timeout, now);
    } else if (c.patience <= now) {
      if constexpr (modifies_sessions) {
        if (layer_.alive(c.modification.asked))
          (void)refuse_asked(c, 488, now);
        else
          forget_asked(c);
      }
    } else if (c.success.next_timeout() <= now) {
      // The BYE after 64*T1 is the business of invite_usage.
      if (c.success.handle_timeout(now, c.over, timers())
              .does.has(success_retransmission::action::send_success))
        (void)layer_.resend(c.accepted, 200, now);
    } else if (c.rules.next_timeout() <= now) {
      react(c, c.rules.handle_timeout(now, timers()), now);
    }
    schedule(c);
  }

  static constexpr bool is_to_modify_again(call_record const& c, instant now) {
    if constexpr (modifies_sessions)
      return c.modification.retry <= now;
    else
      return false;
  }
  constexpr void modify_again(call_record& c, instant now) {
    c.modification.retry = instant::never();
    call_message over;
    over.event = timer_event(owns_call_id(c) ? timer::glare_owner : timer::glare_other);
    if (step(c, over, now)
            .template does<session_modification>()
            .has(session_modification::action::retry_modification)) {
      c.wishes.keep(c.modification.retry_act);
      drain(c, now);
    }
  }

  // What the rules ask for when one of their timers has fired.
  constexpr void react(call_record& c, typename call_rules::step const& taken, instant now) {
    auto const usage = taken.template does<invite_usage>();
    auto const reliable = taken.template does<reliable_provisional>();
    auto const timer = taken.template does<session_timer>();
    using of_usage = invite_usage::action;
    if (taken.template does<cancellation>().has(cancellation::action::give_up)) {
      if (c.is_fork) return release(c);
      if constexpr (modifies_sessions)
        if (c.modification.reinvite_open) return abandon_modification(c, now);
      layer_.abandon(c.invite);
      return finish(c, user_event_kind::failed, now, status_of_timeout);
    }
    if (usage.has(of_usage::end_early_dialogs)) {
      if (c.phase == call_phase::lingering) return release(c);
      return release_early_family(c);
    }
    // "then a CANCEL is generated" (13.2.1).
    if (usage.has(of_usage::send_cancel))
      (void)ask(c.is_fork ? calls_[c.parent] : c, act::cancel, now);
    // "If the invitation expires before the UAS has generated a final response, a 487 (Request
    // Terminated) response SHOULD be generated" (13.3.1).
    if (usage.has(of_usage::answer_487)) {
      (void)refuse(c, 487, now);
      return finish(c, user_event_kind::cancelled, now, 487);
    }
    if (usage.has(of_usage::send_provisional)) remind(c, now);
    if (usage.has(of_usage::send_bye)) return give_up(c, status_of_timeout, now);
    // Nothing has been sent since: the next one waits for the PRACK.
    if (reliable.has(reliable_provisional::action::resend_provisional))
      (void)layer_.resend(c.invite, c.told_status, now);
    // "the UAS SHOULD reject the original request with a 5xx response" (RFC 3262 3).
    if (reliable.has(reliable_provisional::action::reject_with_5xx)) {
      (void)refuse(c, 504, now);
      return finish(c, user_event_kind::failed, now, status_of_timeout);
    }
    if (timer.has(session_timer::action::send_refresh)) (void)ask(c, act::refresh, now);
    if (timer.has(session_timer::action::send_bye)) give_up(c, status_of_timeout, now);
  }
  // "If there is no final response for the original request in 64*T1 seconds […], the client SHOULD
  // then consider the original transaction cancelled and SHOULD destroy the client transaction
  // handling the original request." (9.1)
  constexpr void abandon_modification(call_record& c, instant now) {
    arrival a;
    a.transaction = c.modification.reinvite;
    call_message said;
    said.event = response_event(direction::received, 487, method::invite, mark::to_tag);
    said.cseq = layer_.request(a.transaction).cseq().number;
    on_modification_response(a, c, said, now);
    layer_.abandon(a.transaction);
  }
  // "At this point all the early dialogs that have not transitioned to established dialogs are
  // terminated" (13.2.2.4).
  constexpr void release_early_family(call_record& c) {
    for (call_record* d = next_fork(c); d;) {
      call_record* const next = next_fork(*d);
      if (d->phase == call_phase::calling) release(*d);
      d = next;
    }
  }
  // "To prevent cancellation, the UAS MUST send a non-100 provisional response at every minute, to
  // handle the possibility of lost provisional responses" (13.3.1.1).
  constexpr void remind(call_record& c, instant now) {
    status_code const status = c.told_status ? c.told_status : status_code{183};
    bool const reliably =
        c.rules.rules().template facts<reliable_provisional>().sent.requires_100rel;
    // One that awaits its PRACK is being repeated anyway.
    if (awaits_prack(c)) return;
    call_message const said = provisional_message(c, status, {}, reliably);
    if (!c.rules.rules().judge(said).refused() &&
        send_provisional(c, said, {}, now) == sending::sent)
      (void)step(c, said, now);
  }
};

} // namespace ctsip::detail
