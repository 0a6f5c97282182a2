// A user agent without a socket: bytes and the time go in, datagrams and events come out.
//
//   agent.receive(bytes, source, transport, now);          // or handle_timeout(now)
//   while (agent.poll_event(e)) …e.kind, e.call…           // what you command for it is to be sent
//   while (agent.poll_transmit(d)) …send d.bytes to d.to…
//   …wait for the next datagram, until agent.next_timeout()…
//
// It places, answers, modifies and ends calls over any transport: INVITE with its 1xx, 2xx and ACK,
// CANCEL, PRACK, UPDATE, BYE and OPTIONS. What it sends and receives in a call, and each timer of
// it, steps the rules of the call (dialog/call.hpp), which say what may be sent, what waits, what
// is gone, and what is answered without asking anybody. RFC 3261 8, 9, 11 to 15, RFC 3262, RFC
// 3311, RFC 4028, RFC 6141. Read transaction_layer.hpp, user_event.hpp and call_record.hpp before
// it; call_handles.hpp has the same calls as objects that have only the operations that are legal
// in their state. With call_credentials.hpp it answers the challenges of servers and proxies, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ctsip/user_agent/call_receiver.hpp>

namespace ctsip {

/// The commands of an endpoint whose rules let sessions be modified (`Traits::call_rules`).
template <class Agent, bool ModifiesSessions>
class modification_commands {};
template <class Agent>
class modification_commands<Agent, true> {
 public:
  /// Offers another session, which hold and resume are too (RFC 3264 8.4): by a re-INVITE in an
  /// established call (RFC 3261 14.1), by an UPDATE in an early dialog whose first exchange is
  /// complete (RFC 3311 5.1). `deferred` while an INVITE of either side is in progress, and until
  /// the ACK to our 2xx: without that 2xx the caller knows of no dialog, and would answer 481. An
  /// early dialog that cannot take an UPDATE yet gets the re-INVITE after its 2xx, and before our
  /// own answer it is `refused`: that has the session. Without a session, in an established call
  /// only, the re-INVITE asks for an offer (14.1): that is `offered`, and the session is `modified`
  /// when it has the answer. `deferred` too while a `modification` of theirs is to be answered: a
  /// B2BUA answers that with 491 while its other leg has a modification open, or each leg waits for
  /// the other. `gone` if an offer in the call itself is open. A second one takes the place of one
  /// that is deferred, and has the one event. `modified` or `unmodified` tells what has become of
  /// it. Only one body can wait: a response to their INVITE that has to, with a body other than a
  /// session description, takes the place of a `modify` that does, which is `unmodified`.
  constexpr sending modify(call_handle h, message_body const& session, instant now) {
    return self().modify_session(h, session, now);
  }
  /// Takes a `modify` back: CANCEL of its re-INVITE (RFC 3261 9.1), `deferred` until a provisional
  /// response has come. `unmodified` with 487 tells that the session is what it was; or the other
  /// side was faster, and it is `modified` (RFC 6141 3.8). One that has not been sent yet is
  /// forgotten. `gone` if there is none, or it has its final response, or went as an UPDATE, which
  /// no CANCEL is for.
  constexpr sending cancel_modification(call_handle h, instant now) {
    return self().retract_modification(h, now);
  }
  /// Accepts what a `modification` offers with 200 and the answer (RFC 3261 14.2, RFC 3311 5.2), or
  /// what it asks for with 200 and our offer.
  /// `gone` if it is over, `refused` if the answer is missing.
  constexpr sending accept_modification(call_handle h, message_body const& session, instant now) {
    return self().accept_asked(h, session, now);
  }
  /// Refuses it; the session stays as it is (RFC 3261 14.2). `refused` if the status code is none
  /// from 300 to 699, or one that would end the call.
  constexpr sending reject_modification(call_handle h, status_code status, instant now) {
    return self().reject_asked(h, status, now);
  }

 private:
  constexpr Agent& self() { return static_cast<Agent&>(*this); }
};

namespace detail {

template <class Credentials>
constexpr Credentials without_look_up() {
  constexpr bool needs_none = requires { Credentials{}; };
  static_assert(needs_none, "this agent answers challenges: endpoint{settings, look_up}, with a "
                            "look-up of passwords that outlives it");
  if constexpr (needs_none) return {};
}

} // namespace detail

/// A user agent client and server for calls.
///
/// Choices, where the RFCs leave one or the endpoint cannot know:
///  1. Whether a session description answers what was offered is between the users: a 2xx or an ACK
///     without the answer that it should have is taken, and the call goes on.
///  2. Each reliable 1xx waits for the PRACK of the one before, not only the second one: RFC 3262 3
///     recommends it.
///  3. The dialogs of a fork have a place of their own while one is free. A 1xx that finds none is
///     an event only, and is ignored if it is reliable; a 2xx is acknowledged and released by a BYE
///     from the response alone (RFC 3261 13.2.2.4), unless no transaction is free or half of them
///     are of such BYEs. What they offer in an UPDATE or a reliable 1xx before one of them has
///     answered is refused: the user has one session to agree on.
///  4. After a 491, a 500 with Retry-After or a 422 a modification is tried again by itself, but
///     not more than `most_tries` times in a row; so are, after any 500, a session refresh and a
///     PRACK, which another request may have overtaken (RFC 3261 12.2.2). A refresh whose place a
///     `modify` has taken is tried again when that has failed.
///  5. A peer's contact that is longer than `Size.message / 4` does not replace the remote target.
///  6. With `digest_credentials` (call_credentials.hpp) a 401 or 407 is answered at once with what
///     the look-up knows; who has to ask somebody first refuses, and calls again. An INVITE for
///     whose retry no transaction is free is `rejected` by its challenge.
///  7. The BYE by which a 2xx of choice 3 is released is not sent again when it is challenged.
///  8. An INVITE that requires 100rel and has no offer gets no 1xx before the user rings: the first
///     one has to have our offer (RFC 3262 5), and the one each minute (RFC 3261 13.3.1.1) would,
///     too.
template <endpoint_size Size, class Traits = endpoint_traits>
class endpoint
    : detail::call_receiver<Size, Traits>,
      public Traits::template registration_commands<endpoint<Size, Traits>>,
      public modification_commands<endpoint<Size, Traits>,
                                   Traits::call_rules::template has<session_modification>> {
  using base = detail::call_receiver<Size, Traits>;
  using base::accept_asked;
  using base::acknowledge_late;
  using base::answer_message;
  using base::answer_request;
  using base::ask;
  using base::awaits_first_answer;
  using base::awaits_prack;
  using base::call_deadlines_;
  using base::call_of;
  using base::calls_;
  using base::contact_;
  using base::contact_for;
  using base::content_of;
  using base::counts_;
  using base::dispatch;
  using base::drain;
  using base::end;
  using base::events_;
  using base::find;
  using base::find_dialog;
  using base::find_request;
  using base::finish;
  using base::fire;
  using base::handle_of;
  using base::is_secure;
  using base::is_session;
  using base::is_sips;
  using base::keep_wanted;
  using base::knows_100rel;
  using base::knows_preconditions;
  using base::layer_;
  using base::live_calls_;
  using base::lose_patience;
  using base::modify_session;
  using base::next_fork;
  using base::next_patience;
  using base::prack_asks;
  using base::provisional_message;
  using base::refuse;
  using base::registrations_;
  using base::reject_asked;
  using base::release;
  using base::replace_contact;
  using base::retract_modification;
  using base::schedule;
  using base::send_in_call;
  using base::send_invite;
  using base::send_outside;
  using base::send_prack;
  using base::send_pracks;
  using base::send_provisional;
  using base::session_of;
  using base::sips_contact_;
  using base::state_of;
  using base::step;
  using base::take_call;
  using base::tell;
  using base::trace_;
  using base::uri_of_contact;
  using base::usable;
  using base::usable_sips;
  using typename base::act;
  using typename base::call_record;
  using typename base::credentials_type;
  using typename base::preferences_type;
  using call_phase = detail::call_phase;
  friend typename Traits::template registration_commands<endpoint>;
  friend modification_commands<endpoint, true>;
  using call_data = typename Traits::call_data;

 public:
  /// How often in a row a modification, or a challenged request, is tried.
  static constexpr unsigned most_tries = base::most_tries;
  /// How many requests of the user there can be at a time.
  static constexpr std::size_t most_requests = Size.requests;
  /// Whether it has `modification_commands`.
  static constexpr bool modifies_sessions = base::modifies_sessions;

  constexpr explicit endpoint(
      endpoint_settings const& settings,
      credentials_type const& credentials = detail::without_look_up<credentials_type>(),
      preferences_type const& preferences = preferences_type{})
      : base{settings, credentials, preferences} {
    // Here and not in the class, where one mistake would be an error of each of its members.
    static_assert(Size.calls > 0 && Size.calls < 1u << 24 && Size.requests < 1u << 24,
                  "endpoint_size: from 1 to 2**24 - 1 calls, and as many requests at the most");
    static_assert(
        adds_header_fields<call_data> || !requires { &call_data::header_fields; },
        "call_data::header_fields(method, status_code) has to give extra_fields");
  }

  /// Takes one message as it came from a datagram, or from a stream by way of a `connection`; the
  /// CRLF of its `pong` too. Then take all that `poll_event` has, and all that `poll_transmit` has
  /// after the last command.
  constexpr void receive(std::string_view bytes, address const& source, transport over,
                         instant now) {
    trace_.received(bytes, source, over, now);
    if (bytes == "\r\n") return registrations_.take_pong(layer_, source, over, now);
    dispatch(layer_.receive(bytes, source, over, now), now);
  }

  /// When to call `handle_timeout`; `instant::never()` if there is nothing to wait for.
  constexpr instant next_timeout() const {
    instant first = layer_.next_timeout();
    for (instant const next :
         {call_deadlines_.next(), next_patience(), registrations_.next_timeout()})
      if (next < first) first = next;
    return first;
  }
  /// Fires one timer that is due. Call it, and take what it causes, while `next_timeout() <= now`.
  constexpr void handle_timeout(instant now) {
    instant const due = next_timeout();
    if (now < due || due.is_never()) return;
    if (layer_.next_timeout() <= due)
      dispatch(layer_.handle_timeout(now), now);
    else if (call_deadlines_.next() <= due)
      fire(calls_[call_deadlines_.first()], now);
    else if (next_patience() <= due)
      lose_patience(now);
    else
      registrations_.handle_timeout(layer_, now);
  }
  /// Tells that a datagram could not be sent (RFC 3261 18.4).
  constexpr void handle_transport_error(datagram const& unsent, instant now) {
    dispatch(layer_.handle_transport_error(unsent, now), now);
  }

  /// The next message to put on the wire; false if there is none.
  constexpr bool poll_transmit(datagram& out) {
    if (!layer_.poll_transmit(out)) return false;
    trace_.sent(out);
    return true;
  }
  /// What the user is to know next; false if there is nothing.
  constexpr bool poll_event(user_event& out) {
    if (!events_.take(out)) return false;
    // After `acknowledge` the message is the call's, and none of the queue's.
    if (out.kind == user_event_kind::answered && out.message.bytes().empty())
      out.message = session_message(out.call);
    return true;
  }
  /// The same of registrations, where there are any: a `registrant_event`.
  template <class Event>
  constexpr bool poll_event(Event& out) {
    return registrations_.poll_event(out);
  }

  /// Places a call (RFC 3261 13.2.1). No handle, with a `reason()`: `full` if no call or
  /// transaction is free; `unwritable` if a text of it cannot stand in a message, if target or
  /// `from` is no URI that `forms_request`, or if the next hop has no port; `refused` if the rules
  /// of the call do not let it go.
  [[nodiscard]] constexpr call_handle call(outgoing_call const& out, instant now) {
    using detail::no_handle;
    if (!forms_request(out.target) || !forms_request(out.from))
      return no_handle<call_handle>(sending::unwritable);
    call_record* const c = take_call();
    if (!c) return no_handle<call_handle>(sending::full);
    c->phase = call_phase::calling;
    c->over = out.over;
    c->peer = out.next_hop;
    c->other_hops = out.other_hops;
    c->contact = contact_for(is_secure(out.target, out.route_set), out.contact);
    sending result = sending::unwritable;
    if (!c->contact.empty() && c->session.keep(out.offer)) result = send_invite(*c, out, now);
    if (result == sending::sent) return handle_of(*c);
    release(*c);
    return no_handle<call_handle>(result);
  }

  /// Sends a 101-199 to an incoming call: 180 Ringing, or with a preview of the media 183.
  /// A reliable one has the description itself: the answer, or the offer where the INVITE had none
  /// (RFC 3262 5). `refused` if it is no such status code, if the preview would be an offer
  /// (13.2.1), or if the INVITE does not support 100rel. While a reliable one awaits its PRACK the
  /// next is `deferred`, and reliable too; so is a 180 until the mandatory preconditions are met
  /// (RFC 3312 6), where the rules of the calls have such.
  constexpr sending ring(call_handle h, instant now, status_code status = 180,
                         message_body const& preview = {},
                         reliability how = reliability::unreliable) {
    call_record* const c = find(h, call_phase::incoming);
    if (!c) return sending::gone;
    if (status < 101 || status > 199) return sending::refused;
    auto const& invited = c->rules.rules().template facts<reliable_provisional>().sent;
    // Until its PRACK comes a reliable one is repeated as it was, which the transaction has only as
    // long as it is the last: what would come after it waits, and is reliable then.
    bool const reliably =
        how == reliability::reliable || invited.requires_100rel || awaits_prack(*c);
    if (reliably && !knows_100rel) return sending::refused;
    call_message const said = provisional_message(*c, status, preview, reliably);
    auto const judged = c->rules.rules().judge(said);
    // What waits for preconditions is sent reliably: who has such supports 100rel (RFC 3312 11).
    if (!reliably && !(knows_preconditions && judged.waits())) {
      if (judged.refused()) return sending::refused;
      auto const result = send_provisional(*c, said, preview, now);
      if (result == sending::sent) (void)step(*c, said, now);
      schedule(*c);
      return result;
    }
    if (judged.refused() && !judged.waits()) return sending::refused;
    // An answer that waits already has the session of the call.
    if (c->wishes.has(act::answer)) return sending::gone;
    if (!keep_wanted(*c, preview, now)) return sending::unwritable;
    c->wanted_status = status;
    if (!awaits_prack(*c)) return ask(*c, act::ring, now);
    c->wishes.keep(act::ring);
    return sending::deferred;
  }

  /// Accepts an incoming call with 200 and a session description (RFC 3261 13.3.1.4), which is left
  /// out where a reliable 1xx had it. `deferred` while a reliable 1xx that had one is not
  /// acknowledged (RFC 3262 3). `gone` if a CANCEL was faster, `refused` if the answer to an offer,
  /// or the offer, is missing.
  constexpr sending answer(call_handle h, message_body const& session, instant now) {
    call_record* const c = find(h, call_phase::incoming);
    if (!c) return sending::gone;
    call_message const said = answer_message(*c, session);
    auto const judged = c->rules.rules().judge(said);
    if (judged.refused() && !judged.waits()) return sending::refused;
    // A description that is left out need not wait either.
    bool const bare = said.content == content::none && has_sdp(content_of(session));
    if (!keep_wanted(*c, bare ? message_body{} : session, now)) return sending::unwritable;
    c->wishes.drop(act::ring);
    return ask(*c, act::answer, said, now);
  }

  /// Refuses an incoming call with a final response from 300 to 699. It is over then, even where
  /// the response does not fit.
  constexpr sending reject(call_handle h, status_code status, instant now,
                           call_rejection const& with = {}) {
    call_record* const c = find(h, call_phase::incoming);
    if (!c) return sending::gone;
    if (status < 300 || status > 699) return sending::refused;
    auto const result = refuse(*c, status, now, with);
    c->end_told = true;
    finish(*c, user_event_kind::ended, now);
    return result;
  }

  /// Gives up a call of ours that is not answered (RFC 3261 9.1). `deferred` until a provisional
  /// response has come; when a 2xx comes instead, the call is ended by a BYE. `gone` if a final
  /// response was faster.
  constexpr sending cancel(call_handle h, instant now) {
    call_record* const c = find(h, call_phase::calling);
    return c ? ask(*c, act::cancel, now) : sending::gone;
  }

  /// Ends a call in whatever state it is: CANCEL while it rings at the other side (deferred until a
  /// provisional response has come, 9.1), 480 to one that rings here, BYE after the answer
  /// (deferred until our 2xx is acknowledged, 15). Deferred too while no transaction is free.
  constexpr sending hang_up(call_handle h, instant now) {
    call_record* const c = find(h);
    if (!c) return sending::gone;
    switch (c->phase) {
    case call_phase::calling: return ask(*c, act::cancel, now);
    case call_phase::incoming: return reject(h, 480, now);
    case call_phase::accepted:
    case call_phase::established: return end(*c, now);
    case call_phase::free:
    case call_phase::ending:
    case call_phase::lingering: break;
    }
    return sending::gone;
  }

  /// Answers what has been `offered`: by a reliable 1xx, in its PRACK (RFC 3262 5), or by the 2xx,
  /// in its ACK (RFC 3261 13.2.2.4), after which the call is `answered`, or the session `modified`.
  /// It cannot be rejected: who wants none of it says so in the answer, or ends the call (RFC 6337
  /// 2.3). A 2xx whose offer is not answered within 32*T1 ends the call. `gone` if it is over,
  /// `refused` if the answer is missing, `deferred` as long as no transaction is free for the
  /// PRACK, `unwritable` if it is too long: a shorter one may follow.
  constexpr sending acknowledge(call_handle h, message_body const& session, instant now) {
    call_record* const c = find(h);
    if (!c) return sending::gone;
    bool const in_prack = is_session(*c) && prack_asks(*c);
    if (!in_prack && !c->ack_asks) return sending::gone;
    if (!has_sdp(content_of(session))) return sending::refused;
    if constexpr (knows_100rel)
      if (in_prack) {
        auto const result = send_prack(*c, session, now);
        bool const waits = result == sending::full;
        if (result == sending::sent || waits) {
          c->pracks.asks = false;
          c->pracks.repeats = waits;
          (void)c->session.keep(session);
        }
        if (result == sending::sent) send_pracks(*c, now);
        schedule(*c);
        return waits ? sending::deferred : result;
      }
    if (session.type.size() + session.body.size() > Size.message) return sending::unwritable;
    bool const is_first = awaits_first_answer(*c);
    if (!acknowledge_late(*c, session, now)) return sending::unwritable;
    if (is_first)
      tell(user_event_kind::answered, *c, c->dialog.source().status());
    else
      tell(user_event_kind::modified, *c);
    drain(*c, now);
    schedule(*c);
    return sending::sent;
  }

  /// Sends a request outside of calls; `response` tells what has come of it. Challenges are
  /// answered and the other hops tried by itself. No handle, with a `reason()`: `full` and
  /// `unwritable` as of a call; `refused` if the method is none for it: it starts a dialog, or has
  /// an operation of its own.
  [[nodiscard]] constexpr request_handle request(outgoing_request const& out, instant now) {
    return send_outside(out, now);
  }
  /// Sends a request in a call whose dialog is there: INFO, REFER, NOTIFY …. A failure that says
  /// that the session is lost ends the call (RFC 3261 12.2.1.2, RFC 5057 5): no response, a 408 or
  /// a 481 to INFO, which belongs to it; to any of them a 404 or 410, which concern the dialog.
  [[nodiscard]] constexpr request_handle request(call_handle h, call_request const& out,
                                                 instant now) {
    call_record* const c = find(h);
    return c ? send_in_call(*c, out, now) : request_handle{};
  }
  /// Answers a `request` with a final response. `gone` if it was too late; `refused` if the status
  /// code is none from 200 to 699, or 408 (RFC 4320 4.2), or would start a dialog.
  constexpr sending respond(request_handle h, request_answer const& with, instant now) {
    auto* const r = find_request(h, detail::request_phase::asked);
    return r ? answer_request(*r, with, now) : sending::gone;
  }

  /// How far the call is by now: further perhaps than the last event that was taken says.
  constexpr call_state state(call_handle h) const {
    call_record const* const c = find(h);
    return c ? state_of(*c) : call_state::ended;
  }

  /// The Contact of a call's messages from now on, in place of `endpoint_settings::contact`: a GRUU
  /// (RFC 5627 4.4), one account of several. It must outlive the call; an empty one is that of all
  /// again. The other side learns of it with our next response, or request, that has a Contact:
  /// `modify` sends one (RFC 3261 12.2.1.1). `unwritable` if it is no URI, or no SIPS URI where the
  /// call is to have one (12.1.1); `gone` if there is no such call.
  constexpr sending set_contact(call_handle h, lasting_text contact) {
    call_record* const c = find(h);
    if (!c || !is_session(*c)) return sending::gone;
    std::string_view const wanted = contact_for(is_sips(uri_of_contact(c->contact)), contact);
    if (wanted.empty()) return sending::unwritable;
    for (call_record* d = c; d; d = next_fork(*d)) d->contact = wanted;
    return sending::sent;
  }
  /// The Contact of all calls that have none of their own, and of the OPTIONS, from now on: at
  /// another address, or once a registrar has given a GRUU. As `endpoint_settings::contact`; false,
  /// and nothing is changed, if it is no URI.
  constexpr bool set_contact(lasting_text contact) {
    if (usable(contact).empty()) return false;
    replace_contact(contact_, contact);
    return true;
  }
  /// The same of `sips_contact`, where the settings have one; false if it is no SIPS URI.
  constexpr bool set_sips_contact(lasting_text contact) {
    if (sips_contact_.empty() || usable_sips(contact).empty()) return false;
    replace_contact(sips_contact_, contact);
    return true;
  }
  /// The host[:port] of the Via header fields from now on, as `element_settings::sent_by`; false,
  /// and nothing is changed, if it is none. What still comes to the address before is of no use:
  /// "the response MUST be silently discarded" (RFC 3261 18.1.2).
  constexpr bool set_sent_by(lasting_text sent_by) { return layer_.set_sent_by(sent_by); }

  /// What names the dialog of a call, for a Replaces in a request to somebody else (RFC 3891 4):
  /// views of what is kept. Of an incoming call it is the one that our first response makes (12.1),
  /// before that, too. Empty as long as a call of ours has none, and once the call has ended.
  constexpr dialog_id dialog_of(call_handle h) const {
    call_record const* const c = find(h);
    if (!c || !is_session(*c) || c->dialog.empty()) return {};
    return {c->dialog.call_id(), c->local_tag.view(), c->dialog.remote_tag()};
  }
  /// The call that has this dialog; no handle if none has, or if it is over. The `to_tag()` of a
  /// Replaces is the local tag, its `from_tag()` the remote one, and "a tag of zero matches both
  /// tags of zero and null" (RFC 3891 3, 6.1).
  [[nodiscard]] constexpr call_handle find(dialog_id const& id) {
    call_record const* d = find_dialog(id);
    if (!d && id.remote_tag == "0") d = find_dialog({id.call_id, id.local_tag, {}});
    if (!d || call_of(*d).end_told || !is_session(call_of(*d))) return {};
    return handle_of(call_of(*d));
  }

  /// The user's own of a call, `Traits::call_data`; null for a handle that names none. That of a
  /// call that is over is there until its place is taken again, so that its last event finds it.
  constexpr auto* data(call_handle h) {
    if (h.index >= Size.calls) return static_cast<call_data*>(nullptr);
    call_record& c = calls_[h.index];
    bool const is_over = c.phase == call_phase::free;
    return c.generation == h.generation + is_over ? &c.data : static_cast<call_data*>(nullptr);
  }

  /// What its layer, and what it has done by itself.
  constexpr layer_counts const& counts() const { return layer_.counts(); }
  constexpr endpoint_counts const& call_counts() const { return counts_; }
  /// The user's own, `Traits::trace`.
  constexpr auto& trace() { return trace_; }
  /// How far a registration is, until when it is bound, and what its registrar has given back.
  constexpr auto const& registrations() const { return registrations_; }
  constexpr auto const& policy() const { return layer_.policy(); }
  /// Calls that have not ended.
  constexpr std::size_t live_calls() const { return live_calls_; }
  constexpr std::size_t live_transactions() const { return layer_.live_transactions(); }
  /// The message that an established call comes from: the INVITE received, or the 2xx. What the
  /// other side describes later, or has described in a reliable 1xx, is in the events only. Empty
  /// when the call is gone.
  constexpr message session_message(call_handle h) const {
    call_record const* const c = find(h);
    return c && c->phase != call_phase::lingering && c->phase != call_phase::calling
               ? c->dialog.source()
               : message{};
  }
  /// The session description that the other side has had from us last: the one that a refresh
  /// repeats. Empty before the first.
  constexpr message_body local_session(call_handle h) const {
    call_record const* const c = find(h);
    return c && c->phase != call_phase::lingering ? session_of(*c) : message_body{};
  }
};

} // namespace ctsip
