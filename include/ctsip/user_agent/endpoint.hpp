// A user agent without a socket: bytes and the time go in, datagrams and events come out.
//
//   agent.receive(bytes, source, transport, now);          // or handle_timeout(now)
//   while (agent.poll_transmit(d)) …send d.bytes to d.to…
//   while (agent.poll_event(e)) …e.kind, e.call…
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
#include <span>
#include <string_view>

#include <ctsip/dialog/call.hpp>
#include <ctsip/dialog/success_retransmission.hpp>
#include <ctsip/dialog/wants.hpp>
#include <ctsip/message/call_message.hpp>
#include <ctsip/user_agent/call_record.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>
#include <ctsip/user_agent/user_event.hpp>

namespace ctsip {

/// A user agent client and server for calls.
///
/// Choices, where the RFCs leave one or the endpoint cannot know:
///  1. Whether a session description answers what was offered is between the users: a 2xx or an ACK
///     without the answer that it should have is taken, and the call goes on.
///  2. Each reliable 1xx waits for the PRACK of the one before, not only the second one: RFC 3262 3
///     recommends it.
///  3. The dialogs of a fork have a place of their own while one is free. A 1xx that finds none is
///     an event only, and is ignored if it is reliable; a 2xx is acknowledged and released by a BYE
///     from the response alone (RFC 3261 13.2.2.4). What they offer in an UPDATE or a reliable 1xx
///     before one of them has answered is refused: the user has one session to agree on.
///  4. After a 491, a 500 with Retry-After or a 422 a modification is tried again by itself, but
///     not more than `most_tries` times in a row.
///  5. A peer's contact that is longer than `Size.message / 4` does not replace the remote target.
///  6. With `digest_credentials` (call_credentials.hpp) as `Credentials` a 401 or 407 is answered
///  by
///     itself, at once and with what the look-up knows; who has to ask somebody first refuses, and
///     calls again. An INVITE for whose retry no transaction is free is `rejected` by its
///     challenge.
///  7. The BYE by which a 2xx of choice 3 is released is not sent again when it is challenged.
template <endpoint_size Size, class Policy = on_violation::trap, class Credentials = no_credentials>
class endpoint {
  using layer_type = transaction_layer<Size.transactions, Size.message, Policy>;
  static_assert(Size.calls > 0 && Size.calls < UINT32_MAX);

 public:
  constexpr explicit endpoint(endpoint_settings const& settings,
                              Credentials const& credentials = Credentials{})
      : settings_(complete(settings)), credentials_(credentials), layer_(settings_.element),
        has_100rel_(detail::in_list(settings_.element.own.supported, "100rel", true)),
        has_timer_(detail::in_list(settings_.element.own.supported, "timer", true)),
        supported_{"Supported", settings_.element.own.supported} {
    for (std::size_t i = 0; i < Size.calls; ++i)
      calls_[i].next_free = i + 1 < Size.calls ? static_cast<std::uint32_t>(i + 1) : no_call;
  }

  /// Takes one message as it came from a datagram, or from a stream by way of a `stream_framer`.
  /// Then take all that `poll_transmit` and `poll_event` have, in either order.
  constexpr void receive(std::string_view bytes, address const& source, transport over,
                         instant now) {
    dispatch(layer_.receive(bytes, source, over, now), now);
  }

  /// When to call `handle_timeout`; `instant::never()` if there is nothing to wait for.
  constexpr instant next_timeout() const {
    return call_deadlines_.next() < layer_.next_timeout() ? call_deadlines_.next()
                                                          : layer_.next_timeout();
  }
  /// Fires one timer that is due. Call it, and take what it causes, while `next_timeout() <= now`.
  constexpr void handle_timeout(instant now) {
    if (now < next_timeout() || next_timeout().is_never()) return;
    if (layer_.next_timeout() <= call_deadlines_.next())
      dispatch(layer_.handle_timeout(now), now);
    else
      fire(calls_[call_deadlines_.first()], now);
  }
  /// Tells that a datagram could not be sent (RFC 3261 18.4).
  constexpr void handle_transport_error(datagram const& unsent, instant now) {
    dispatch(layer_.handle_transport_error(unsent.transaction, now), now);
  }

  /// The next message to put on the wire; false if there is none.
  constexpr bool poll_transmit(datagram& out) { return layer_.poll_transmit(out); }
  /// What the user is to know next; false if there is nothing.
  constexpr bool poll_event(user_event& out) {
    if (event_first_ == event_size_) {
      event_first_ = event_size_ = 0;
      return false;
    }
    out = events_[event_first_++];
    return true;
  }

  /// Places a call (RFC 3261 13.2.1). No handle if no call or transaction is free, or if a text of
  /// it cannot stand in a message. Take the INVITE by `poll_transmit` before placing the next one.
  [[nodiscard]] constexpr call_handle call(outgoing_call const& out, instant now) {
    call_record* const c = take_call();
    if (!c) return {};
    c->phase = call_phase::calling;
    c->over = out.over;
    c->peer = out.next_hop;
    identifier const call_id = layer_.identifiers().token();
    first_invite const invite{out.target,     out.target, out.from,
                              call_id.view(), out.offer,  out.expires};
    if (!c->session.keep(out.offer) || send_invite(*c, invite, now) != sending::sent) {
      release(*c);
      return {};
    }
    return handle_of(*c);
  }

  /// Sends a 101-199 to an incoming call: 180 Ringing, or with a preview of the media 183;
  /// reliably, it has the answer, or the offer, itself (RFC 3262 5). `refused` if it is no such
  /// status code, if the preview would be an offer (13.2.1), or if the INVITE does not support
  /// 100rel. A reliable one is `deferred` until the one before is acknowledged.
  constexpr sending ring(call_handle h, instant now, status_code status = 180,
                         message_body const& preview = {},
                         reliability how = reliability::unreliable) {
    call_record* const c = find(h, call_phase::incoming);
    if (!c) return sending::gone;
    if (status < 101 || status > 199) return sending::refused;
    auto const& invited = c->rules.rules().template facts<reliable_provisional>().sent;
    bool const reliably = how == reliability::reliable || invited.requires_100rel;
    call_message const said = provisional_message(*c, status, preview, reliably);
    if (!reliably) {
      if (c->rules.rules().judge(said).refused()) return sending::refused;
      auto const result = send_provisional(*c, said, preview, now);
      if (result == sending::sent) (void)step(*c, said, now);
      schedule(*c);
      return result;
    }
    auto const judged = c->rules.rules().judge(said);
    if (judged.refused() && !judged.waits()) return sending::refused;
    // An answer that waits already has the session of the call.
    if (c->wishes.has(act::answer)) return sending::gone;
    if (!c->wanted.keep(preview)) return sending::unwritable;
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
    auto const judged = c->rules.rules().judge(answer_message(*c, session));
    if (judged.refused() && !judged.waits()) return sending::refused;
    if (!c->wanted.keep(session)) return sending::unwritable;
    c->wishes.drop(act::ring);
    return ask(*c, act::answer, now);
  }

  /// Refuses an incoming call with a final response from 300 to 699. It is over then, even where
  /// the response does not fit.
  constexpr sending reject(call_handle h, status_code status, instant now) {
    call_record* const c = find(h, call_phase::incoming);
    if (!c) return sending::gone;
    if (status < 300 || status > 699) return sending::refused;
    auto const result = refuse(*c, status, now);
    release(*c);
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

  /// Offers another session, which hold and resume are too (RFC 3264 8.4): by a re-INVITE in an
  /// established call (RFC 3261 14.1), by an UPDATE in an early dialog whose first exchange is
  /// complete (RFC 3311 5.1). `deferred` while an INVITE of either side is in progress; an early
  /// dialog that cannot take an UPDATE yet gets the re-INVITE after its 2xx, and before our own
  /// answer it is `refused`: that has the session. `gone` if an offer is open: theirs was faster.
  /// `modified` or `unmodified` tells what has become of it.
  constexpr sending modify(call_handle h, message_body const& session, instant now) {
    call_record* const c = find(h);
    if (!c) return sending::gone;
    if (content_of(session) != content::sdp) return sending::refused;
    switch (c->phase) {
    case call_phase::calling:
      if (c->wishes.has(act::cancel) || c->cancelled) return sending::gone;
      break;
    case call_phase::incoming: {
      auto const judged = c->rules.rules().judge(modification_message(*c, act::modify));
      if (judged.refused() || c->wishes.has(act::ring) || c->wishes.has(act::answer))
        return sending::refused;
      break;
    }
    case call_phase::accepted:
    case call_phase::established:
      if (c->wishes.has(act::bye)) return sending::gone;
      break;
    case call_phase::free:
    case call_phase::ending:
    case call_phase::lingering: return sending::gone;
    }
    if (!c->wanted.keep(session)) return sending::unwritable;
    c->modify_at = instant::never();
    c->tries = 0;
    return ask(*c, act::modify, now);
  }

  /// Accepts what a `modification` offers with 200 and the answer (RFC 3261 14.2, RFC 3311 5.2).
  /// `gone` if it is over, `refused` if the answer is missing.
  constexpr sending accept_modification(call_handle h, message_body const& session, instant now) {
    call_record* const c = find_asked(h);
    if (!c) return sending::gone;
    call_message const said =
        success_message(*c, c->asked_method, c->asked_cseq, content_of(session));
    if (c->rules.rules().judge(said).refused()) return sending::refused;
    auto const asked = c->asked;
    auto const result = send_success(*c, asked, said, session, now);
    if (result == sending::sent) {
      forget_asked(*c);
      (void)step(*c, said, now);
      drain(*c, now);
    }
    schedule(*c);
    return result;
  }
  /// Refuses it; the session stays as it is (RFC 3261 14.2). `refused` if the status code is none
  /// from 300 to 699, or one that would end the call.
  constexpr sending reject_modification(call_handle h, status_code status, instant now) {
    call_record* const c = find_asked(h);
    if (!c) return sending::gone;
    method const m = c->asked_method;
    if (status < 300 || status > 699 || effect_of(status, m) != response_effect::transaction)
      return sending::refused;
    if (c->rules.rules().judge(response_of(status, m, c->asked_cseq)).refused())
      return sending::refused;
    return refuse_asked(*c, status, now);
  }

  /// Answers what a reliable 1xx has `offered`: in its PRACK (RFC 3262 5). `gone` if it is over,
  /// `refused` if the answer is missing.
  constexpr sending acknowledge(call_handle h, message_body const& session, instant now) {
    call_record* const c = find(h, call_phase::calling);
    if (!c || !c->prack_asks || c->pracks_due == 0) return sending::gone;
    if (content_of(session) != content::sdp) return sending::refused;
    auto const result = send_prack(*c, session, now);
    if (result == sending::sent) {
      c->prack_asks = false;
      (void)c->session.keep(session);
      send_pracks(*c, now);
    }
    schedule(*c);
    return result;
  }

  /// How far the call is by now: further perhaps than the last event that was taken says.
  constexpr call_state state(call_handle h) const {
    call_record const* const c = find(h);
    return c ? state_of(*c) : call_state::ended;
  }

  constexpr layer_counts const& counts() const { return layer_.counts(); }
  constexpr Policy const& policy() const { return layer_.policy(); }
  /// Events that `poll_event` was not asked for in time.
  constexpr std::uint64_t untold() const { return untold_; }
  /// Calls that have not ended.
  constexpr std::size_t live_calls() const { return live_calls_; }
  constexpr std::size_t live_transactions() const { return layer_.live_transactions(); }
  /// The message that defines an established call: the INVITE received, or the 2xx. Empty when the
  /// call is gone.
  constexpr message session(call_handle h) const {
    call_record const* const c = find(h);
    return c && c->phase != call_phase::lingering && c->phase != call_phase::calling
               ? c->dialog.source()
               : message{};
  }
  /// The session description that the other side has had from us last: the one that a refresh
  /// repeats. Empty before the first.
  constexpr message_body local_session(call_handle h) const {
    call_record const* const c = find(h);
    return c && c->phase != call_phase::lingering ? c->session.view() : message_body{};
  }

  /// How often in a row a modification is tried.
  static constexpr unsigned most_tries = 5;

 private:
  static constexpr std::uint32_t no_call = UINT32_MAX;
  using act = user_acts::act;
  using rules_type = timed_composition<uac_call>;
  using dialog_parts_view = detail::dialog_view<Size.message>;
  static constexpr bool answers_challenges = Credentials::most_fields != 0;

  enum class call_phase : std::uint8_t {
    free,
    calling,     // our INVITE awaits its final response
    incoming,    // their INVITE awaits ours
    accepted,    // our 2xx awaits its ACK
    established, // a session
    ending,      // our BYE awaits its response
    lingering    // over; 2xx that come late are still acknowledged
  };

  // A call and its dialog. A call of ours that forks has one more for each other dialog, which is
  // no call of its own: the family.
  struct call_record {
    call_phase phase{call_phase::free};
    bool end_told{};      // the user has had the last event
    bool is_fork{};       // another dialog of the INVITE of `parent`
    bool cancelled{};     // our CANCEL is sent
    bool reinvite_open{}; // our re-INVITE has no final response
    bool prack_asks{};    // the first PRACK that is due awaits the user's answer
    bool prack_repeats{}; // it has our session description again
    bool reliable_sdp{};  // the reliable 1xx sent last has a session description
    std::uint8_t pracks_due{};
    std::uint8_t tries{}; // to modify
    act reinvite_act{}, update_act{}, retry_act{};
    transport over{};
    status_code wanted_status{};   // of the reliable 1xx that waits
    status_code told_status{};     // of the 1xx sent last
    status_code reliable_status{}; // of the reliable 1xx sent last
    std::uint32_t generation{};
    std::uint32_t next_free{no_call};
    std::uint32_t parent{no_call}, family{no_call}; // of a fork; the next one of the same INVITE
    std::uint32_t invite_cseq{};
    std::uint32_t accepted_cseq{}; // of the INVITE that our 2xx answers
    std::uint32_t asked_cseq{};
    method asked_method{};
    std::uint32_t acked_cseq{}; // of the INVITE that `ack_branch` acknowledges
    std::uint32_t prack_rseq[2]{}, prack_cseq[2]{};
    std::uint32_t first_rseq{};
    wants<user_acts> wishes{};
    rules_type rules{};
    rules_type
        trunk{}; // as far as an INVITE of ours has come without a dialog (dialog/forking.hpp)
    timed_machine<success_retransmission> success{};
    transaction_handle invite{}, accepted{}; // the first; and the one that our 2xx answers
    transaction_handle reinvite{}, update{}, prack{}, bye{}; // ours
    transaction_handle earlier_prack{};                      // the one before, if it is open too
    transaction_handle asked{};                              // theirs, which the user is to answer
    instant retry{instant::never()};                         // of what no transaction was free for
    instant modify_at{instant::never()}; // after a 491 or a 500 with Retry-After
    instant modified{};                  // when our re-INVITE or UPDATE was sent
    instant patience{instant::never()};  // with the user who is to answer `asked`
    address peer{};
    identifier local_tag{};
    identifier ack_branch{};
    detail::kept_dialog<Size.message> dialog{};   // the INVITE received, or our INVITE's response
    detail::kept_text<Size.message / 4> target{}; // the remote target, if it was replaced
    detail::kept_body<Size.message> session{};    // ours, as the other side has it
    detail::kept_body<Size.message> wanted{};     // ours, waiting to be sent
    [[no_unique_address]] typename Credentials::of_call credentials{}; // of the whole family

    constexpr instant next_timeout() const {
      instant first = rules.next_timeout();
      for (instant const next : {success.next_timeout(), retry, modify_at, patience})
        if (next < first) first = next;
      return first;
    }
  };

  struct first_invite {
    std::string_view target, to, from, call_id;
    message_body offer;
    std::uint32_t expires{};
  };

  static constexpr endpoint_settings complete(endpoint_settings s) {
    capabilities& own = s.element.own;
    if (own.allow == capabilities{}.allow) own.allow = endpoint_allow;
    if (own.supported.empty())
      own.supported = detail::in_list(own.allow, "PRACK", false) ? endpoint_supported : "timer";
    if (s.min_se < session_timer::least_interval) s.min_se = session_timer::least_interval;
    if (s.session_expires && s.session_expires < s.min_se) s.session_expires = s.min_se;
    return s;
  }

  constexpr timer_values const& timers() const { return settings_.element.timers; }
  constexpr std::uint32_t index_of(call_record const& c) const {
    return static_cast<std::uint32_t>(&c - calls_);
  }
  constexpr call_handle handle_of(call_record const& c) const {
    return {index_of(c), c.generation};
  }
  constexpr call_record const* find(call_handle h) const {
    if (h.index >= Size.calls) return nullptr;
    call_record const& c = calls_[h.index];
    return c.generation == h.generation && c.phase != call_phase::free && !c.end_told ? &c
                                                                                      : nullptr;
  }
  constexpr call_record* find(call_handle h) {
    return const_cast<call_record*>(static_cast<endpoint const*>(this)->find(h));
  }
  constexpr call_record* find(call_handle h, call_phase p) {
    call_record* const c = find(h);
    return c && c->phase == p ? c : nullptr;
  }
  // The call whose user is to answer a request.
  constexpr call_record* find_asked(call_handle h) {
    call_record* const c = find(h);
    if (!c || !c->asked) return nullptr;
    if (layer_.alive(c->asked)) return c;
    forget_asked(*c);
    schedule(*c);
    return nullptr;
  }
  // The record whose request this client transaction carries.
  constexpr call_record* owner_of(arrival const& a) {
    if (a.owner >= Size.calls) return nullptr;
    call_record& c = calls_[a.owner];
    if (c.phase == call_phase::free) return nullptr;
    for (transaction_handle const h :
         {c.invite, c.bye, c.reinvite, c.update, c.prack, c.earlier_prack})
      if (h == a.transaction) return &c;
    return nullptr;
  }
  // The dialog that a request belongs to (12.2.2): our tag names its call, the rest must agree.
  constexpr call_record* find_dialog(message const& m) {
    auto const index = identifier_source::index_of(m.to_tag());
    if (index >= Size.calls) return nullptr;
    call_record& c = calls_[index];
    if (c.phase == call_phase::free || c.is_fork || c.local_tag.view() != m.to_tag())
      return nullptr;
    call_record* const d = find_branch(c, m.from_tag());
    return d && d->dialog.call_id() == m.call_id() ? d : nullptr;
  }
  // The dialog of a call with this remote tag.
  constexpr call_record* find_branch(call_record& c, std::string_view tag) {
    for (call_record* d = &c; d; d = next_fork(*d))
      if (!d->dialog.empty() && detail::same_token(d->dialog.remote_tag(), tag)) return d;
    return nullptr;
  }
  constexpr call_record* next_fork(call_record const& c) {
    return c.family == no_call ? nullptr : &calls_[c.family];
  }

  constexpr call_state state_of(call_record const& c) const {
    switch (c.phase) {
    case call_phase::calling:
      return c.rules.rules().template is<ctsip::dialog>(ctsip::dialog::state::early)
                 ? call_state::early
                 : call_state::outgoing;
    case call_phase::incoming: return call_state::incoming;
    case call_phase::accepted:
    case call_phase::established: return call_state::established;
    case call_phase::free:
    case call_phase::ending:
    case call_phase::lingering: break;
    }
    return call_state::ended;
  }

  // A free record; when there is none, one that only waits for late 2xx, or a fork.
  constexpr call_record* take_call() {
    for (int what = 0; first_free_ == no_call && what < 2; ++what)
      for (auto& c : calls_)
        if (what == 0 ? c.phase == call_phase::lingering && !c.is_fork : c.is_fork) {
          release(c);
          break;
        }
    if (first_free_ == no_call) return nullptr;
    call_record& c = take_record();
    c.local_tag = layer_.identifiers().tag(index_of(c));
    ++live_calls_;
    return &c;
  }
  constexpr call_record& take_record() {
    call_record& c = calls_[first_free_];
    first_free_ = c.next_free;
    c.end_told = c.is_fork = c.cancelled = c.reinvite_open = false;
    c.prack_asks = c.prack_repeats = false;
    c.pracks_due = c.tries = 0;
    c.told_status = 0;
    c.parent = c.family = no_call;
    c.invite_cseq = c.accepted_cseq = c.acked_cseq = 0;
    c.wishes.clear();
    c.rules = c.trunk = {};
    c.success = {};
    c.invite = c.accepted = c.reinvite = c.update = c.bye = c.asked = {};
    c.prack = c.earlier_prack = {};
    c.retry = c.modify_at = c.patience = instant::never();
    c.dialog.clear();
    c.target.clear();
    c.session.clear();
    c.wanted.clear();
    if constexpr (answers_challenges) c.credentials.begin(credentials_);
    return c;
  }
  // Another dialog of a call of ours, with the trunk's rules; none if no place is free.
  constexpr call_record* take_fork(call_record& c) {
    if (first_free_ == no_call) return nullptr;
    call_record& d = take_record();
    d.is_fork = d.end_told = true;
    d.phase = call_phase::calling;
    d.parent = index_of(c);
    d.family = c.family;
    c.family = index_of(d);
    d.over = c.over;
    d.peer = c.peer;
    d.local_tag = c.local_tag;
    d.invite = c.invite;
    d.invite_cseq = c.invite_cseq;
    d.rules = c.trunk;
    return &d;
  }
  constexpr void release(call_record& c) {
    note_requests(c);
    if (c.is_fork) {
      for (call_record* p = &calls_[c.parent]; p; p = next_fork(*p))
        if (p->family == index_of(c)) p->family = c.family;
    } else {
      release_family(c);
      if (c.phase != call_phase::lingering) --live_calls_;
    }
    // What nobody answers or waits for any more.
    if (layer_.alive(c.asked)) layer_.abandon(c.asked);
    if (c.reinvite_open && layer_.alive(c.reinvite)) layer_.abandon(c.reinvite);
    c.phase = call_phase::free;
    c.is_fork = false;
    ++c.generation;
    c.next_free = first_free_;
    first_free_ = index_of(c);
    call_deadlines_.set(index_of(c), instant::never());
  }
  // An early dialog of ours that is given up may be answered all the same: the BYE that ends it
  // then has a higher number than all that it has sent (12.2.1.1).
  constexpr void note_requests(call_record const& c) {
    if (!owns_call_id(c) || is_confirmed(c)) return;
    auto const last = c.rules.rules().template facts<ctsip::dialog>().local_cseq;
    if (last > c.invite_cseq) requests_given_up_ = larger(requests_given_up_, last - c.invite_cseq);
  }
  constexpr void release_family(call_record& c) {
    while (call_record* const d = next_fork(c)) release(*d);
  }
  // Two dialogs of one call change places: the user's call is the one that was answered.
  constexpr void exchange_dialogs(call_record& c, call_record& d) {
    auto const exchange = [](auto& a, auto& b) {
      auto const kept = a;
      a = b;
      b = kept;
    };
    exchange(c.rules, d.rules);
    exchange(c.dialog, d.dialog);
    exchange(c.target, d.target);
    exchange(c.prack, d.prack);
    exchange(c.earlier_prack, d.earlier_prack);
    exchange(c.update, d.update);
    exchange(c.pracks_due, d.pracks_due);
    exchange(c.prack_asks, d.prack_asks);
    exchange(c.prack_repeats, d.prack_repeats);
    for (int i = 0; i < 2; ++i) {
      exchange(c.prack_rseq[i], d.prack_rseq[i]);
      exchange(c.prack_cseq[i], d.prack_cseq[i]);
    }
    for (call_record const* const r : {&c, &d})
      for (transaction_handle const h : {r->prack, r->earlier_prack, r->update})
        if (layer_.alive(h)) layer_.set_owner(h, index_of(*r));
  }
  constexpr void schedule(call_record const& c) {
    if (c.phase != call_phase::free) call_deadlines_.set(index_of(c), c.next_timeout());
  }

  // Nothing comes after the last event.
  constexpr void tell(user_event_kind kind, call_record const& c, status_code status = 0,
                      message const& m = {}) {
    if (c.end_told) return;
    if (event_first_ == event_size_) event_first_ = event_size_ = 0;
    if (event_size_ < std::size(events_))
      events_[event_size_++] = {kind, handle_of(c), status, m, state_of(c)};
    else
      ++untold_;
  }

  // The session is over. A caller's record stays to acknowledge a late 2xx once more.
  constexpr void finish(call_record& c, user_event_kind kind, instant now, status_code status = 0,
                        message const& m = {}) {
    tell(kind, c, status, m);
    c.end_told = true;
    refuse_pending(c, now);
    // A re-INVITE of ours may still get its final response (15.1.2), which is to be acknowledged.
    if (c.reinvite_open && layer_.alive(c.reinvite))
      c.rules.arm(timer::ack_retransmission, 64 * timers().t1, now);
    if (!c.rules.is_armed(timer::ack_retransmission)) return release(c);
    for (unsigned t = 0; t < timer_count; ++t)
      if (static_cast<timer>(t) != timer::ack_retransmission) c.rules.disarm(static_cast<timer>(t));
    if (!c.is_fork) --live_calls_;
    c.phase = call_phase::lingering;
    c.wishes.clear();
    c.success = {};
    c.pracks_due = 0;
    c.retry = c.modify_at = c.patience = instant::never();
    schedule(c);
  }
  // The other side is lost, or must not stay: the user is told, and the rest is silence.
  constexpr void give_up(call_record& c, status_code status, instant now, message const& m = {}) {
    tell(user_event_kind::failed, c, status, m);
    c.end_told = true;
    if (c.phase == call_phase::incoming) {
      (void)refuse(c, 480, now);
      return finish(c, user_event_kind::failed, now, status);
    }
    // A CANCEL of ours has its own end: the final response to the INVITE, or 64*T1.
    if (c.phase == call_phase::calling && c.cancelled) return;
    std::uint32_t const generation = c.generation;
    auto const result = c.phase == call_phase::calling ? ask(c, act::cancel, now) : end(c, now);
    if (result == sending::gone && c.generation == generation && is_session(c))
      finish(c, user_event_kind::failed, now, status);
  }
  constexpr sending end(call_record& c, instant now) {
    c.wishes.drop(act::modify);
    c.wishes.drop(act::refresh);
    c.modify_at = instant::never();
    return ask(c, act::bye, now);
  }

  // ---- What is said, as the rules see it

  // This user agent has no preconditions (RFC 3312), so it cannot tell whether they are met.
  static constexpr call_message received_message(message const& m) {
    call_message c = call_message_of(m, direction::received);
    if (has_sdp(c.content)) c.content = content::sdp;
    c.requires_100rel = detail::lists_tag(m, header::require, "100rel");
    return c;
  }
  static constexpr content content_of(message_body const& c) {
    if (c.body.empty()) return content::none;
    media_type_view const type{c.type};
    if (detail::same_token(type.type(), "multipart")) return content::unspecified;
    return type.is("application", "sdp") ? content::sdp : content::none;
  }
  static constexpr call_message request_of(method m, std::uint32_t cseq, mark marks,
                                           content body = content::none) {
    call_message c;
    c.event = request_event(direction::sent, m, marks);
    c.cseq = cseq;
    c.content = body;
    return c;
  }
  static constexpr call_message response_of(status_code status, method m, std::uint32_t cseq,
                                            content body = content::none) {
    call_message c;
    c.event = response_event(direction::sent, status, m, mark::to_tag);
    c.cseq = cseq;
    c.content = body;
    return c;
  }
  static constexpr std::uint32_t next_cseq(call_record const& c) {
    return c.rules.rules().template facts<ctsip::dialog>().local_cseq + 1;
  }
  static constexpr bool is_confirmed(call_record const& c) {
    return c.rules.rules().template facts<ctsip::dialog>().is_confirmed;
  }
  static constexpr bool awaits_prack(call_record const& c) {
    return c.rules.rules().template facts<reliable_provisional>().sent.unacknowledged != 0;
  }
  static constexpr std::uint32_t larger(std::uint32_t a, std::uint32_t b) { return a < b ? b : a; }

  constexpr call_message provisional_message(call_record const& c, status_code status,
                                             message_body const& body, bool reliably) const {
    call_message said = response_of(status, method::invite, c.invite_cseq, content_of(body));
    if (!reliably) return said;
    said.event.marks = said.event.marks | mark::reliable;
    auto const last = c.rules.rules().template facts<reliable_provisional>().sent.last_rseq;
    said.rseq = last ? last + 1 : c.first_rseq;
    return said;
  }

  // RFC 4028 9: "If the UAS wishes to accept the request, it copies the value of the
  // Session-Expires header field from the request into the 2xx response. The UAS response MAY
  // reduce its value but MUST NOT set it to a duration lower than the value in the Min-SE header
  // field in the request".
  constexpr call_message success_message(call_record const& c, method m, std::uint32_t cseq,
                                         content body) const {
    call_message said = response_of(200, m, cseq, body);
    if (!has_timer_ || (m != method::invite && m != method::update)) return said;
    // What the rules have kept of the request.
    auto const& asked =
        c.rules.rules().template facts<session_timer>().theirs[m == method::update ? 1 : 0];
    said.supports_timer = asked.supports_timer != 0;
    std::uint32_t const wished = larger(settings_.session_expires, asked.min_se);
    std::uint32_t interval = asked.session_expires;
    if (settings_.session_expires != 0 &&
        (interval > wished || (interval == 0 && said.supports_timer)))
      interval = wished;
    // Without support for the timer it is not answered 422 (9), nor may it be raised.
    if (interval < session_timer::least_interval) return said;
    said.session_expires = interval;
    // Table 2.
    said.refresher = !said.supports_timer   ? refresher::uas
                     : asked.refresher != 0 ? static_cast<refresher>(asked.refresher)
                                            : refresher::uac;
    return said;
  }
  // The session description is left out where the rules want none.
  constexpr call_message answer_message(call_record const& c, message_body const& session) const {
    call_message const whole =
        success_message(c, method::invite, c.invite_cseq, content_of(session));
    auto const judged = c.rules.rules().judge(whole);
    if (!judged.refused() || judged.waits()) return whole;
    call_message bare = whole;
    bare.content = content::none;
    auto const again = c.rules.rules().judge(bare);
    return !again.refused() || again.waits() ? bare : whole;
  }

  // An INVITE or UPDATE. RFC 4028 7.4: "The value of the Min-SE header field present in a session
  // refresh request MUST be the largest value among all Min-SE header field values returned in all
  // 422 responses or received in session refresh requests". Session-Expires "SHOULD be equal to the
  // maximum of the Min-SE header field [...] and the current session interval".
  constexpr call_message refresh_message(call_record const& c, method m, content body) const {
    uac_call const& rules = c.rules.rules();
    bool const first = rules.template is<ctsip::dialog>(ctsip::dialog::state::none);
    call_message said = request_of(m, next_cseq(c), first ? mark::none : mark::to_tag, body);
    said.supports_100rel = m == method::invite && has_100rel_;
    if (!has_timer_) return said;
    said.supports_timer = true;
    auto const& known = rules.template facts<session_timer>();
    said.min_se = first ? known.for_call.min_se : known.for_dialog.min_se;
    if (first && settings_.session_expires != 0) {
      if (said.min_se != 0 || settings_.min_se > session_timer::least_interval)
        said.min_se = larger(said.min_se, settings_.min_se);
      said.session_expires = larger(settings_.session_expires, said.min_se);
    }
    bool const ours = rules.template is<session_timer>(session_timer::state::refreshing);
    bool const theirs = rules.template is<session_timer>(session_timer::state::expecting);
    if (!first && (ours || theirs)) {
      said.session_expires = larger(known.interval, said.min_se);
      // "This way, the role of refresher does not change on each refresh."
      said.refresher = ours ? refresher::uac : refresher::uas;
    }
    return said;
  }
  constexpr call_message modification_message(call_record const& c, act a) const {
    bool const updates = detail::in_list(c.dialog.source()[header::allow], "UPDATE", false);
    if (a == act::refresh) {
      // 7.4: "If a UAC knows that its peer supports the UPDATE method, it is RECOMMENDED that
      // UPDATE be used instead of a re-INVITE."
      if (updates || c.session.empty()) return refresh_message(c, method::update, content::none);
      return refresh_message(c, method::invite, content::sdp);
    }
    // RFC 3311 5.1: "Although UPDATE can be used on confirmed dialogs, it is RECOMMENDED that a
    // re-INVITE be used instead."
    if (updates && !is_confirmed(c)) {
      call_message const update = refresh_message(c, method::update, content::sdp);
      if (!c.rules.rules().judge(update).refused()) return update;
    }
    return refresh_message(c, method::invite, content::sdp);
  }
  constexpr call_message message_of(call_record const& c, act a) const {
    switch (a) {
    case act::cancel: return request_of(method::cancel, c.invite_cseq, mark::none);
    case act::ring: return provisional_message(c, c.wanted_status, c.wanted.view(), true);
    case act::answer: return answer_message(c, c.wanted.view());
    case act::modify:
    case act::refresh: return modification_message(c, a);
    case act::bye: break;
    }
    return request_of(method::bye, next_cseq(c), mark::to_tag);
  }

  // A message of the call that comes or goes by itself.
  constexpr auto step(call_record& c, call_message const& m, instant now) {
    return c.rules.process(m, now, timers(), on_violation::report{});
  }
  constexpr auto step_sent(call_record& c, status_code status, method m, std::uint32_t cseq,
                           instant now, bool retry_after = false) {
    call_message said = response_of(status, m, cseq);
    said.retry_after = retry_after;
    return step(c, said, now);
  }

  // ---- What the user wants of a call, as far as its rules allow it

  constexpr sending ask(call_record& c, act what, instant now) {
    sending result{sending::gone};
    bool tried = false;
    detail::rules_at<uac_call> rules{c.rules, now, timers()};
    auto const became =
        c.wishes.ask(what, rules, message_of(c, what), [&](act a, call_message const& said) {
          tried = true;
          result = perform(c, a, said, now);
          return result == sending::sent;
        });
    if (became == act_result::deferred && !tried) result = sending::deferred;
    if (became == act_result::deferred && tried) {
      if (result == sending::full)
        result = sending::deferred;
      else
        c.wishes.drop(what);
    }
    schedule(c);
    return result;
  }
  // What was told to wait and is allowed by now.
  constexpr void drain(call_record& c, instant now) {
    if (c.wishes.empty()) return;
    std::uint32_t const generation = c.generation;
    bool const modifies = c.wishes.has(act::modify);
    bool modify_sent = false;
    std::uint32_t unwritable = 0;
    bool const ring_waits = c.wishes.has(act::ring) && awaits_prack(c);
    if (ring_waits) c.wishes.drop(act::ring);
    detail::rules_at<uac_call> rules{c.rules, now, timers()};
    (void)c.wishes.drain(
        rules, [&](act a) { return message_of(c, a); },
        [&](act a, call_message const& said) {
          auto const result = perform(c, a, said, now);
          if (result != sending::sent && result != sending::full)
            unwritable |= 1u << static_cast<unsigned>(a);
          modify_sent = modify_sent || (a == act::modify && result == sending::sent);
          return result == sending::sent;
        });
    if (c.generation != generation) return;
    if (ring_waits && c.phase == call_phase::incoming) c.wishes.keep(act::ring);
    for (std::size_t i = 0; i < user_acts::act_count; ++i)
      if (unwritable >> i & 1u) c.wishes.drop(static_cast<act>(i));
    if (unwritable >> static_cast<unsigned>(act::answer) & 1u) {
      (void)refuse(c, 500, now);
      return finish(c, user_event_kind::failed, now, status_of_transport_error);
    }
    if (modifies && !modify_sent && !c.wishes.has(act::modify))
      tell(user_event_kind::unmodified, c, unwritable ? 0 : 491);
    schedule(c);
  }

  constexpr sending perform(call_record& c, act a, call_message const& said, instant now) {
    sending result{};
    switch (a) {
    case act::cancel: result = send_cancel(c, said, now); break;
    case act::ring: result = send_provisional(c, said, c.wanted.view(), now); break;
    case act::answer: {
      auto const session = c.wanted.view();
      bool const bare = said.content == content::none && content_of(session) != content::none;
      result = send_success(c, c.invite, said, bare ? message_body{} : session, now);
      break;
    }
    case act::modify:
    case act::refresh: result = send_modification(c, a, said, now); break;
    case act::bye: result = send_bye(c, said, now); break;
    }
    // What a user wants must not be lost because no transaction was free.
    if (result == sending::full) c.retry = now + timers().t1;
    return result;
  }

  // ---- Sending

  // A request of the call: `write(buffer, via, fields)` writes it with the header fields that it is
  // given, which are these and the credentials of the call.
  template <class Write>
  constexpr sending send_request(call_record& c, method m, address const& to,
                                 std::span<extra_field const> fields, instant now,
                                 transaction_handle& started, Write write) {
    if constexpr (!answers_challenges) {
      return layer_.send_request(
          m, to, c.over, now, index_of(c),
          [&](std::span<char> buffer, via_parts const& via) { return write(buffer, via, fields); },
          &started);
    } else {
      auto& credentials = credentials_of(c);
      typename Credentials::told_request said{};
      auto const result = layer_.send_request(
          m, to, c.over, now, index_of(c),
          [&](std::span<char> buffer, via_parts const& via) {
            char texts[Size.message]{};
            return credentials.write(credentials_, buffer, texts, fields, layer_.identifiers(),
                                     said,
                                     [&](std::span<char> out, std::span<extra_field const> all) {
                                       return write(out, via, all);
                                     });
          },
          &started);
      if (result == sending::sent) credentials.sent(said);
      return result;
    }
  }
  constexpr typename Credentials::of_call& credentials_of(call_record& c) {
    return c.is_fork ? calls_[c.parent].credentials : c.credentials;
  }
  // Whether a request is to be sent again because of this response (8.1.3.5, 22.2, 22.3).
  constexpr bool asks_again(call_record& c, arrival const& a) {
    if constexpr (answers_challenges)
      return is_final(a.message.status()) &&
             credentials_of(c).take(credentials_, a.message, layer_.request(a.transaction));
    else
      return false;
  }

  constexpr void add_capabilities(detail::field_list& fields) const {
    fields.add("Allow", settings_.element.own.allow);
    fields.add("Supported", settings_.element.own.supported);
  }
  // RFC 4028 7.1: "A UAC that supports the session timer extension defined here MUST include a
  // Supported header field in each request (except ACK)".
  constexpr std::span<extra_field const> supported() const { return {&supported_, 1}; }
  // What the rules were told of the session timer, as header fields.
  static constexpr void add_timer(detail::field_list& fields, call_message const& said) {
    if (said.session_expires != 0)
      fields.add("Session-Expires", said.session_expires,
                 said.refresher == refresher::uac   ? ";refresher=uac"
                 : said.refresher == refresher::uas ? ";refresher=uas"
                                                    : "");
    if (said.min_se != 0) fields.add("Min-SE", said.min_se);
  }

  constexpr sending send_invite(call_record& c, first_invite const& i, instant now) {
    call_message said = refresh_message(c, method::invite, content_of(i.offer));
    if (c.rules.rules().judge(said).refused()) return sending::refused;
    detail::field_list fields;
    add_capabilities(fields);
    add_timer(fields, said);
    if (i.expires != 0) fields.add("Expires", i.expires);
    auto const result = send_request(
        c, method::invite, c.peer, fields.all(), now, c.invite,
        [&](std::span<char> buffer, via_parts const& via, std::span<extra_field const> all) {
          request_parts r;
          r.method = method::invite;
          r.target = i.target;
          r.via = via;
          r.from = {i.from, c.local_tag.view(), {}};
          r.to = {i.to, {}, {}};
          r.call_id = i.call_id;
          r.cseq = said.cseq;
          r.contact = settings_.contact;
          r.extra = all;
          r.content = i.offer;
          return write_request(buffer, r);
        });
    if (result != sending::sent) return result;
    c.invite_cseq = said.cseq;
    (void)step(c, said, now);
    c.trunk = c.rules;
    if (i.expires != 0) c.rules.arm(timer::invite_expires, {std::int64_t{i.expires} * 1000}, now);
    schedule(c);
    return result;
  }
  // RFC 4028 7.3: "This new request constitutes a new transaction and SHOULD have the same value as
  // the Call-ID, To, and From of the previous request"; 8.1.3.5 has it so for a challenge.
  constexpr bool send_invite_again(call_record& c, transaction_handle refused, instant now) {
    if (++c.tries > most_tries) return false;
    release_family(c);
    c.dialog.clear();
    message const old = layer_.request(refused);
    auto const expires = seconds_view{old[header::expires]}.seconds().clipped_or(0);
    return send_invite(c,
                       {old.request_uri(), old.to().uri(), old.from().uri(), old.call_id(),
                        detail::body_of(old), expires},
                       now) == sending::sent;
  }

  // A response to their first INVITE, other than 2xx.
  constexpr sending send_provisional(call_record& c, call_message const& said,
                                     message_body const& body, instant now) {
    bool const reliable = said.event.has(mark::reliable);
    auto const result = write_provisional(c, said.event.status, said.rseq, body, now);
    if (result != sending::sent) return result;
    c.told_status = said.event.status;
    if (reliable) {
      c.reliable_status = said.event.status;
      c.reliable_sdp = has_sdp(said.content);
      if (c.reliable_sdp) (void)c.session.keep(body);
    }
    return result;
  }
  constexpr sending write_provisional(call_record& c, status_code status, std::uint32_t rseq,
                                      message_body const& body, instant now) {
    detail::field_list fields;
    if (rseq != 0) {
      fields.add("Require", "100rel");
      fields.add("RSeq", rseq);
      // RFC 3311 4: the caller may have to know before the 2xx whether it can send an UPDATE.
      add_capabilities(fields);
    }
    response_parts r;
    r.status = status;
    r.to_tag = c.local_tag.view();
    r.contact = settings_.contact;
    r.extra = fields.all();
    r.content = body;
    return layer_.respond(c.invite, r, now);
  }
  // A final response that ends a call. When it does not fit, the call ends in silence: nobody may
  // keep transactions by requests that are too large to be answered.
  constexpr sending refuse(call_record& c, status_code status, instant now) {
    refuse_pending(c, now);
    call_message const said = response_of(status, method::invite, c.invite_cseq);
    if (c.rules.rules().judge(said).refused()) return sending::refused;
    response_parts r;
    r.status = status;
    r.to_tag = c.local_tag.view();
    auto const result = layer_.respond(c.invite, r, now);
    if (result == sending::sent)
      (void)step(c, said, now);
    else
      layer_.abandon(c.invite);
    return result;
  }

  // The 200 to a request that changes the session or may do so.
  constexpr sending send_success(call_record& c, transaction_handle answered,
                                 call_message const& said, message_body const& body, instant now) {
    bool const refreshes = said.event.method != method::prack;
    detail::field_list fields;
    if (refreshes) {
      add_capabilities(fields);
      add_timer(fields, said);
      // RFC 4028 9: with "uac", "the UAS MUST place a Require header field into the response with
      // the value 'timer'"; with "uas" it SHOULD, if the UAC supports it.
      if (said.session_expires != 0 && said.supports_timer) fields.add("Require", "timer");
    }
    response_parts r;
    r.status = 200;
    r.to_tag = c.local_tag.view();
    if (refreshes) r.contact = settings_.contact;
    r.extra = fields.all();
    r.content = body;
    auto const result = layer_.respond(answered, r, now);
    if (result != sending::sent) return result;
    if (refreshes && answered != c.invite) replace_target(c, layer_.request(answered));
    if (has_sdp(said.content)) keep_session(c, body);
    if (said.event.method != method::invite) return result;
    if (c.phase == call_phase::incoming) c.phase = call_phase::accepted;
    c.accepted = answered;
    c.accepted_cseq = said.cseq;
    c.success = {};
    // The first of them has just been sent; the machine sends the others.
    (void)c.success.process(success_retransmission::symbol::success_from_tu, now, c.over, timers());
    return result;
  }
  static constexpr void keep_session(call_record& c, message_body const& body) {
    if (body.body.data() != c.session.view().body.data()) (void)c.session.keep(body);
  }
  // 12.2.1.2, RFC 6141 4.6: "the UA MUST replace the dialog's remote target URI with the URI from
  // the Contact header field".
  static constexpr void replace_target(call_record& c, message const& m) {
    std::string_view const uri = m.contact().uri();
    if (!uri.empty() && uri_view{uri}.well_formed()) (void)c.target.keep(uri);
  }

  constexpr void reply(arrival const& a, status_code status, instant now,
                       std::string_view to_tag = {}, bool retry_after = false) {
    if (!a.transaction) return layer_.answer(a, status);
    identifier const tag = layer_.identifiers().token();
    capabilities const& own = settings_.element.own;
    detail::field_list fields;
    response_parts r;
    r.status = status;
    r.to_tag = to_tag.empty() ? tag.view() : to_tag;
    if (status == 405) fields.add("Allow", own.allow);
    // "MUST include a Retry-After header field with a randomly chosen value of between 0 and 10
    // seconds" (14.2).
    if (status == 500 && (retry_after || a.message.method() == method::invite))
      fields.add("Retry-After",
                 static_cast<std::uint32_t>(
                     retry_after_window().pick(layer_.identifiers().draw()).count / 1000));
    if (status == 422) fields.add("Min-SE", settings_.min_se);
    // 11.2: what an OPTIONS asks for.
    if (a.message.method() == method::options && is_success(status)) {
      r.contact = settings_.contact;
      fields.add("Allow", own.allow);
      fields.add("Accept", own.accept);
      fields.add("Supported", own.supported);
    }
    r.extra = fields.all();
    if (layer_.respond(a.transaction, r, now) == sending::sent) return;
    r.extra = {};
    if (layer_.respond(a.transaction, r, now) != sending::sent) layer_.abandon(a.transaction);
  }
  // The same to a request within a dialog; its rules see it.
  constexpr void reply_in(call_record& c, arrival const& a, status_code status, instant now,
                          bool retry_after = false) {
    reply(a, status, now, c.local_tag.view(), retry_after);
    call_message said = response_of(status, a.message.method(), a.message.cseq().number);
    said.retry_after = status == 500 && (retry_after || said.event.method == method::invite);
    if (status == 422) said.min_se = settings_.min_se;
    (void)step(c, said, now);
  }

  constexpr sending send_cancel(call_record& c, call_message const& said, instant now) {
    auto const result = layer_.send_cancel(c.invite, now, no_call);
    if (result != sending::sent) return result;
    c.cancelled = true;
    // It is for every dialog that the INVITE has made or will make.
    (void)c.trunk.process(said, now, timers(), on_violation::report{});
    for (call_record* d = next_fork(c); d; d = next_fork(*d)) {
      (void)step(*d, said, now);
      schedule(*d);
    }
    return result;
  }

  // A request within the dialog; `write` has the rest of its parts.
  template <class Write>
  constexpr sending send_in_dialog(call_record& c, method m, std::span<extra_field const> fields,
                                   instant now, transaction_handle& started, Write write) {
    message const source = c.dialog.source();
    dialog_parts_view const view{source, c.local_tag.view(), c.target.view()};
    return send_request(
        c, m, view.next_hop(c.peer, c.over), fields, now, started,
        [&](std::span<char> buffer, via_parts const& via, std::span<extra_field const> all) {
          return write(buffer, view.parts, via, all);
        });
  }
  constexpr sending send_bye(call_record& c, call_message const& said, instant now) {
    auto const result = send_in_dialog(c, method::bye, supported(), now, c.bye,
                                       [&](std::span<char> buffer, dialog_parts const& parts,
                                           via_parts const& via, std::span<extra_field const> all) {
                                         return write_bye(buffer, parts, via, said.cseq, all);
                                       });
    if (result == sending::full) return result;
    if (result == sending::sent) {
      refuse_pending(c, now);
      c.phase = call_phase::ending;
      c.retry = c.modify_at = instant::never();
      schedule(c);
    } else {
      // The other side's route set or target does not fit a message or breaks its grammar.
      finish(c, user_event_kind::failed, now, status_of_transport_error);
    }
    return result;
  }
  constexpr sending send_modification(call_record& c, act a, call_message const& said,
                                      instant now) {
    method const m = said.event.method;
    detail::field_list fields;
    add_capabilities(fields);
    add_timer(fields, said);
    transaction_handle started{};
    auto const result =
        send_in_dialog(c, m, fields.all(), now, started,
                       [&](std::span<char> buffer, dialog_parts const& parts, via_parts const& via,
                           std::span<extra_field const> all) {
                         in_dialog_parts r;
                         r.method = m;
                         r.via = via;
                         r.cseq = said.cseq;
                         r.contact = settings_.contact;
                         r.extra = all;
                         if (has_sdp(said.content))
                           r.content = a == act::modify ? c.wanted.view() : c.session.view();
                         return write_in_dialog(buffer, parts, r);
                       });
    if (result != sending::sent) return result;
    c.modified = now;
    if (m == method::invite) {
      c.reinvite = started;
      c.reinvite_act = a;
      c.reinvite_open = true;
    } else {
      c.update = started;
      c.update_act = a;
    }
    return result;
  }
  // The PRACK that is due first (RFC 3262 4).
  constexpr sending send_prack(call_record& c, message_body const& body, instant now) {
    call_message said = request_of(method::prack, next_cseq(c), mark::to_tag, content_of(body));
    said.rack = c.prack_rseq[0];
    said.rack_cseq = c.prack_cseq[0];
    if (c.rules.rules().judge(said).refused()) return sending::refused;
    transaction_handle started{};
    auto const result =
        send_in_dialog(c, method::prack, supported(), now, started,
                       [&](std::span<char> buffer, dialog_parts const& parts, via_parts const& via,
                           std::span<extra_field const> all) {
                         rack_parts rack;
                         rack.rseq = said.rack;
                         rack.cseq = said.rack_cseq;
                         return write_prack(buffer, parts, via, said.cseq, rack, body, all);
                       });
    if (result == sending::full) c.retry = now + timers().t1;
    if (result != sending::sent) return result;
    c.earlier_prack = c.prack;
    c.prack = started;
    drop_prack(c);
    (void)step(c, said, now);
    return result;
  }
  static constexpr void drop_prack(call_record& c) {
    c.prack_rseq[0] = c.prack_rseq[1];
    c.prack_cseq[0] = c.prack_cseq[1];
    c.prack_repeats = false;
    --c.pracks_due;
  }
  // One that was challenged is due again, before the others, with the answer that it had.
  constexpr void owe_prack_again(call_record& c, message const& request) {
    if (c.prack_asks || c.pracks_due == std::size(c.prack_rseq)) return;
    rack_view const rack{request[header::rack]};
    c.prack_rseq[1] = c.prack_rseq[0];
    c.prack_cseq[1] = c.prack_cseq[0];
    c.prack_rseq[0] = rack.rseq;
    c.prack_cseq[0] = rack.cseq.number;
    c.prack_repeats = !request.body().empty();
    ++c.pracks_due;
  }
  constexpr void send_pracks(call_record& c, instant now) {
    while (c.pracks_due && !c.prack_asks) {
      auto const result = send_prack(
          c, answers_challenges && c.prack_repeats ? c.session.view() : message_body{}, now);
      if (result == sending::full) return;
      if (result != sending::sent) drop_prack(c);
    }
  }

  // The ACK to the 2xx of an INVITE of ours, the same each time (13.2.2.4). False if it cannot be
  // written.
  constexpr bool acknowledge(call_record& c, arrival const& a, instant now, bool again) {
    message const invite = layer_.request(a.transaction);
    message const source = c.dialog.source();
    dialog_parts_view const view{source, c.local_tag.view(), c.target.view()};
    auto const cseq = invite.cseq().number;
    if (cseq != c.acked_cseq) {
      c.ack_branch = layer_.identifiers().branch();
      c.acked_cseq = cseq;
    }
    char text[Size.message]{};
    writer const w = write_ack(std::span<char>{text}, view.parts, invite,
                               {c.over, settings_.element.sent_by, c.ack_branch.view(), true});
    if (!w.ok()) return false;
    layer_.send_directly(w.text(), view.next_hop(c.peer, c.over), c.over);
    call_message said = request_of(method::ack, cseq, mark::to_tag);
    said.again = again;
    // Choice 1: the usage is acknowledged all the same.
    if (step(c, said, now).refused()) {
      said.content = content::unspecified;
      (void)step(c, said, now);
    }
    return true;
  }

  // ---- What comes

  constexpr void dispatch(arrival const& a, instant now) {
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
    return has_timer_ && said.supports_timer && said.session_expires != 0 &&
           said.session_expires < settings_.min_se;
  }

  constexpr void on_request(arrival const& a, instant now) {
    message const& m = a.message;
    if (m.method() == method::cancel) return on_cancel(a, now);
    if (m.to_tag().empty()) {
      if (m.method() == method::invite) return on_invite(a, now);
      if (m.method() == method::options) return reply(a, 200, now);
      return reply(a, traits(m.method()).outside_dialog ? 405 : 481, now);
    }
    call_record* const c = find_dialog(m);
    if (!c || c->phase == call_phase::lingering) return reply(a, 481, now);
    // Of what this user agent does not support the rules see only that it is a request.
    call_message said = received_message(m);
    bool const serves = m.method() == method::bye || m.method() == method::invite ||
                        m.method() == method::prack || m.method() == method::update;
    if (!serves) {
      said.event.method = method::options;
      said.content = content::none;
    }
    auto const taken = step(*c, said, now);
    // "If the remote sequence number was not empty, but the sequence number of the request is
    // lower than the remote sequence number, the request is out of order and MUST be rejected with
    // a 500" (12.2.2).
    if (taken.template does<ctsip::dialog>().has(ctsip::dialog::action::answer_500))
      reply(a, 500, now);
    else if (taken.template does<ctsip::dialog>().has(ctsip::dialog::action::answer_481))
      reply(a, 481, now);
    else if (m.method() == method::bye)
      on_bye(a, *c, now);
    else if (m.method() == method::options)
      reply(a, 200, now);
    else if (!serves)
      reply(a, 405, now);
    else
      on_session_request(a, *c, said, taken, now);
    schedule(*c);
  }

  // A re-INVITE, UPDATE or PRACK.
  constexpr void on_session_request(arrival const& a, call_record& c, call_message const& said,
                                    uac_call::step const& taken, instant now) {
    auto const modifies = taken.template does<session_modification>();
    auto const offers = taken.template does<offer_answer>();
    auto const reliable = taken.template does<reliable_provisional>();
    bool const sdp = has_sdp(said.content);
    if (reliable.has(reliable_provisional::action::answer_481)) return reply_in(c, a, 481, now);
    if (modifies.has(session_modification::action::answer_491) ||
        offers.has(offer_answer::action::answer_491))
      return reply_in(c, a, 491, now);
    if (modifies.has(session_modification::action::answer_500_retry_after) ||
        offers.has(offer_answer::action::answer_500_retry_after))
      return reply_in(c, a, 500, now, true);
    if (offers.has(offer_answer::action::answer_488)) return reply_in(c, a, 488, now);
    if (is_interval_too_small(said)) return reply_in(c, a, 422, now);
    method const m = said.event.method;
    uac_call const& rules = c.rules.rules();
    // The answer to our offer in a reliable 1xx asks for nothing.
    bool const offer =
        sdp && (m != method::prack ||
                rules.template is<offer_answer>(offer_answer::state::received_their_offer));
    if (offer) {
      if (c.is_fork) return reply_in(c, a, 488, now);
      if (find_asked(handle_of(c)) || event_size_ == std::size(events_))
        return reply_in(c, a, 500, now, true);
      return ask_user(a, c, now);
    }
    // Who sends no offer is given ours (RFC 3261 14.2, 13.3.1.4).
    bool const offerless = m == method::invite;
    if (offerless && c.session.empty()) return reply_in(c, a, 488, now);
    message_body const body = offerless ? c.session.view() : message_body{};
    call_message const success = success_message(c, m, said.cseq, content_of(body));
    if (rules.judge(success).refused() ||
        send_success(c, a.transaction, success, body, now) != sending::sent)
      return reply_in(c, a, 488, now);
    (void)step(c, success, now);
    if (m == method::prack) {
      tell(user_event_kind::acknowledged, c, 0, a.message);
      drain(c, now);
    }
  }

  constexpr void ask_user(arrival const& a, call_record& c, instant now) {
    c.asked = a.transaction;
    c.asked_cseq = a.message.cseq().number;
    c.asked_method = a.message.method();
    c.patience = now + (a.message.method() == method::invite ? 64 * timers().t1 : timers().t2);
    layer_.set_owner(a.transaction, index_of(c));
    tell(user_event_kind::modification, c, 0, a.message);
  }
  static constexpr void forget_asked(call_record& c) {
    c.asked = {};
    c.patience = instant::never();
  }
  constexpr sending refuse_asked(call_record& c, status_code status, instant now) {
    auto const asked = c.asked;
    method const m = c.asked_method;
    response_parts r;
    r.status = status;
    r.to_tag = c.local_tag.view();
    forget_asked(c);
    auto const result = layer_.respond(asked, r, now);
    if (result != sending::sent) layer_.abandon(asked);
    (void)step_sent(c, status, m, c.asked_cseq, now);
    drain(c, now);
    schedule(c);
    return result;
  }
  // "The UAS MUST still respond to any pending requests received for that dialog. It is RECOMMENDED
  // that a 487 (Request Terminated) response be generated" (15.1.2).
  constexpr void refuse_pending(call_record& c, instant now) {
    if (!c.asked) return;
    response_parts r;
    r.status = 487;
    if (layer_.alive(c.asked) && layer_.respond(c.asked, r, now) != sending::sent)
      layer_.abandon(c.asked);
    forget_asked(c);
  }

  constexpr void on_invite(arrival const& a, instant now) {
    call_message const said = received_message(a.message);
    if (is_interval_too_small(said)) return reply(a, 422, now);
    // A call that the user would never hear of is not taken.
    call_record* const c = event_size_ < std::size(events_) ? take_call() : nullptr;
    if (!c) return reply(a, 486, now);
    c->phase = call_phase::incoming;
    c->over = a.over;
    c->peer = a.source;
    c->invite = a.transaction;
    c->invite_cseq = said.cseq;
    // "The value of the header field for the first reliable provisional response in a transaction
    // MUST be between 1 and 2**31 - 1. It is RECOMMENDED that it be chosen uniformly" (RFC 3262 3).
    c->first_rseq = 1 + static_cast<std::uint32_t>(layer_.identifiers().draw() % 0x7fff'ffff);
    (void)step(*c, said, now);
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
        owner < Size.calls && (calls_[owner].invite == invite || calls_[owner].asked == invite)
            ? &calls_[owner]
            : nullptr;
    reply(a, 200, now, c ? c->local_tag.view() : std::string_view{});
    if (!c) return;
    // It was matched by its branch (9.2), whatever number it has.
    call_message cancel = received_message(a.message);
    cancel.cseq = layer_.request(invite).cseq().number;
    (void)step(*c, cancel, now);
    (void)step_sent(*c, 200, method::cancel, cancel.cseq, now);
    if (c->asked == invite) {
      (void)refuse_asked(*c, 487, now);
    } else if (c->phase == call_phase::incoming) {
      (void)refuse(*c, 487, now);
      return finish(*c, user_event_kind::cancelled, now, 0, a.message);
    }
    schedule(*c);
  }

  constexpr void on_bye(arrival const& a, call_record& c, instant now) {
    reply(a, 200, now);
    (void)step_sent(c, 200, method::bye, a.message.cseq().number, now);
    // One dialog of a fork is over; the INVITE is not.
    if (c.is_fork) return release(c);
    if (c.phase == call_phase::calling) {
      if (c.family != no_call) {
        call_record& d = *next_fork(c);
        exchange_dialogs(c, d);
        return release(d);
      }
      // Its 2xx may all have been lost (13.3.1.4); what is left of the INVITE is cancelled.
      tell(user_event_kind::ended, c, 0, a.message);
      c.end_told = true;
      c.wishes.clear();
      (void)ask(c, act::cancel, now);
      return;
    }
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
    if (!c || (c->phase != call_phase::accepted && c->phase != call_phase::established) ||
        !c->success.is(success_retransmission::state::unconfirmed) ||
        a.message.cseq().number != c->accepted_cseq)
      return;
    (void)c->success.process(success_retransmission::symbol::ack, now, c->over, timers());
    bool const answers =
        c->rules.rules().template is<offer_answer>(offer_answer::state::received_ack_due);
    (void)step(*c, received_message(a.message), now);
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
      return on_prack_response(a, *c, received_message(m), now, again);
    case method::update:
      if (c) on_modification_response(a, *c, received_message(m), now, again);
      return;
    case method::invite: break;
    default: return;
    }
    if ((c && c->invite == a.transaction) || layer_.request(a.transaction).to_tag().empty())
      return on_first_response(a, c, now, again);
    if (c && c->reinvite == a.transaction)
      return on_modification_response(a, *c, received_message(m), now, again);
    // The 2xx to an earlier re-INVITE once more.
    if (!is_success(m.status())) return;
    auto const index = identifier_source::index_of(m.from_tag());
    if (index >= Size.calls || calls_[index].phase == call_phase::free ||
        calls_[index].dialog.empty() || calls_[index].local_tag.view() != m.from_tag())
      return;
    (void)acknowledge(calls_[index], a, now, true);
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
    if (!c || c->phase != call_phase::calling) return;
    call_message const said = received_message(m);
    if (!is_final(m.status())) return on_provisional(a, *c, said, now);
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
    call_message trying = said;
    trying.event = response_event(direction::received, 100, method::invite);
    trying.content = content::none;
    (void)c.trunk.process(trying, now, timers(), on_violation::report{});
    call_record* d = &c;
    if (m.status() == 100) {
      // Of the next hop: it is for all.
      for (call_record* f = next_fork(c); f; f = next_fork(*f)) (void)step(*f, said, now);
    } else if (!m.to_tag().empty()) {
      d = find_branch(c, m.to_tag());
      if (!d && m.status() != 199 && m.bytes().size() <= Size.message) {
        d = c.dialog.empty() ? &c : take_fork(c);
        if (d) (void)d->dialog.keep(m);
      }
    }
    // Whichever dialog it is for: a CANCEL may be sent from now on (9.1).
    if (d != &c) (void)step(c, trying, now);
    if (d ? takes_provisional(*d, said, m, now) : !said.event.has(mark::reliable))
      tell(user_event_kind::provisional, c, m.status(), m);
    if (d && d->is_fork && m.status() == 199) release(*d);
    drain(c, now);
    schedule(c);
  }
  // One dialog's part of it. Whether it is the user's to know as a provisional response.
  constexpr bool takes_provisional(call_record& d, call_message const& said, message const& m,
                                   instant now) {
    bool const reliable = said.event.has(mark::reliable);
    uac_call const& rules = d.rules.rules();
    // The user has one session to agree on, with the first.
    if (d.is_fork && reliable && has_sdp(said.content) &&
        rules.template is<offer_answer>(offer_answer::state::sent_offerless))
      return false;
    auto const acts = step(d, said, now).template does<reliable_provisional>();
    if (acts.has(reliable_provisional::action::ignore_response)) return false;
    if (reliable) replace_target(d, m);
    if (acts.has(reliable_provisional::action::send_prack)) {
      owe_prack(d, said);
      d.prack_asks = rules.template is<offer_answer>(offer_answer::state::sent_offered);
      if (d.prack_asks && d.pracks_due == 1) tell(user_event_kind::offered, d, m.status(), m);
      send_pracks(d, now);
    }
    schedule(d);
    return !d.prack_asks;
  }
  static constexpr void owe_prack(call_record& c, call_message const& said) {
    if (c.pracks_due == std::size(c.prack_rseq)) return;
    c.prack_rseq[c.pracks_due] = said.rseq;
    c.prack_cseq[c.pracks_due++] = said.cseq;
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
      if (!d && !c->dialog.empty()) {
        // The winner has not rung. What has rung keeps a place as long as there is one.
        if (call_record* const other = take_fork(*c)) {
          exchange_dialogs(*c, *other);
          schedule(*other);
        } else {
          note_requests(*c);
          c->rules = c->trunk;
          c->target.clear();
          c->pracks_due = 0;
          c->prack_asks = false;
        }
      } else if (d && d != c) {
        exchange_dialogs(*c, *d);
        schedule(*d);
      }
      return establish(a, *c, now);
    }
    if (d && d->phase == call_phase::calling && m.bytes().size() <= Size.message) {
      d->wishes.keep(act::bye);
      return establish(a, *d, now);
    }
    if (!d) return release_fork(a, now, c);
    (void)step(*d, received_message(m), now);
    (void)acknowledge(*d, a, now, true);
    schedule(*d);
  }

  constexpr void establish(arrival const& a, call_record& c, instant now) {
    message const& m = a.message;
    (void)c.dialog.keep(m);
    c.target.clear();
    // A CANCEL that was too late, or still waits, becomes a BYE (15).
    if (step(c, received_message(m), now)
            .template does<cancellation>()
            .has(cancellation::action::acknowledge_and_bye))
      c.wishes.keep(act::bye);
    c.retry = instant::never();
    c.prack_asks = false;
    c.phase = call_phase::established;
    schedule(c);
    if (!acknowledge(c, a, now, false))
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
    dialog_parts_view const dialog{m, m.from_tag()};
    address const to = dialog.next_hop(layer_.peer(a.transaction), a.over);
    message const invite = layer_.request(a.transaction);
    identifier const branch = layer_.identifiers().branch();
    char ack[Size.message]{};
    writer const w = write_ack(std::span<char>{ack}, dialog.parts, invite,
                               {a.over, settings_.element.sent_by, branch.view(), true});
    layer_.send_directly(w.text(), to, a.over);
    auto const fork = client_key(settings_.element.seed, m.to_tag(), method::invite, m.call_id());
    for (auto const& released : released_forks_)
      if (released == fork) return;
    if (2 * layer_.live_transactions() > Size.transactions + 1) return;
    auto const number = m.cseq().number + 1 + requests_given_up_;
    auto const write = [&](std::span<char> buffer, via_parts const& via,
                           std::span<extra_field const> fields) {
      return write_bye(buffer, dialog.parts, via, number, fields);
    };
    transaction_handle bye;
    auto const result =
        family ? send_request(*family, method::bye, to, supported(), now, bye, write)
               : layer_.send_request(method::bye, to, a.over, now, no_call,
                                     [&](std::span<char> buffer, via_parts const& via) {
                                       return write(buffer, via, supported());
                                     });
    if (result != sending::sent) return;
    released_forks_[next_released_] = fork;
    next_released_ = (next_released_ + 1) % std::size(released_forks_);
  }

  // A final response to a PRACK, or that there was none.
  constexpr void on_prack_response(arrival const& a, call_record& c, call_message const& said,
                                   instant now, bool again = false) {
    if (c.prack == a.transaction) c.prack = c.earlier_prack;
    c.earlier_prack = {};
    auto const taken = step(c, said, now);
    if (!end_if_lost(c, taken, said.event.status, now, a.message)) {
      if (answers_challenges && again) {
        owe_prack_again(c, layer_.request(a.transaction));
        send_pracks(c, now);
      }
      drain(c, now);
    }
    schedule(c);
  }

  // A response to our re-INVITE or UPDATE, or that there was none.
  constexpr void on_modification_response(arrival const& a, call_record& c,
                                          call_message const& said, instant now,
                                          bool again = false) {
    message const& m = a.message;
    bool const invites = said.event.method == method::invite;
    status_code const status = said.event.status;
    act const what = invites ? c.reinvite_act : c.update_act;
    auto const taken = step(c, said, now);
    if (!is_final(status)) {
      if (taken.template does<reliable_provisional>().has(
              reliable_provisional::action::send_prack)) {
        owe_prack(c, said);
        send_pracks(c, now);
      }
      return schedule(c);
    }
    bool const first = invites ? c.reinvite_open : true;
    if (invites)
      c.reinvite_open = false;
    else
      c.update = {};
    if (is_success(status)) {
      if (first) replace_target(c, m);
      if (invites) {
        // Repetitions of it are acknowledged for 64*T1, whatever becomes of the call.
        if (first) c.rules.arm(timer::ack_retransmission, 64 * timers().t1, now);
        (void)acknowledge(c, a, now, !first);
      }
      if (first) {
        c.tries = 0;
        // Who has accepted it counts from its 2xx, which may be older than it is here (RFC 4028
        // 10).
        if (taken.timers().starts >> static_cast<unsigned>(timer::session_refresh) & 1u)
          c.rules.arm(timer::session_refresh, c.rules.rules().wait(timer::session_refresh),
                      c.modified);
        message const request = layer_.request(a.transaction);
        if (!request.body().empty()) keep_session(c, detail::body_of(request));
        if (what == act::modify && c.phase != call_phase::ending)
          tell(user_event_kind::modified, c, status, m);
        drain(c, now);
      }
      return schedule(c);
    }
    if (!first) return schedule(c);
    if (end_if_lost(c, taken, status, now, m)) return schedule(c);
    auto const modifies = taken.template does<session_modification>();
    bool retries = false;
    if (answers_challenges && again) {
      retries = wait_to_retry(c, a, what, {0}, now);
    } else if (modifies.has(session_modification::action::wait_after_glare)) {
      retries = wait_to_retry(c, a, what,
                              glare_window(owns_call_id(c)).pick(layer_.identifiers().draw()), now);
    } else if (modifies.has(session_modification::action::wait_retry_after)) {
      auto const seconds = retry_after_view{m[header::retry_after]}.seconds().clipped_or(0);
      retries = seconds <= 60 && wait_to_retry(c, a, what, {std::int64_t{seconds} * 1000}, now);
    } else if (taken.template does<session_timer>().has(session_timer::action::retry_with_min_se)) {
      retries = wait_to_retry(c, a, what, {0}, now);
    }
    if (!retries && what == act::modify && is_session(c))
      tell(user_event_kind::unmodified, c, status, m);
    drain(c, now);
    schedule(c);
  }
  static constexpr bool is_session(call_record const& c) {
    return c.phase == call_phase::calling || c.phase == call_phase::incoming ||
           c.phase == call_phase::accepted || c.phase == call_phase::established;
  }
  static constexpr bool owns_call_id(call_record const& c) {
    return c.rules.rules().template facts<ctsip::dialog>().initial_way == direction::sent;
  }
  // What has collided is tried again after a wait; what the user has wanted since then comes first.
  constexpr bool wait_to_retry(call_record& c, arrival const& a, act what, milliseconds wait,
                               instant now) {
    if (!is_session(c) || c.wishes.has(act::bye) || ++c.tries > most_tries) return false;
    if (what == act::modify && !c.wishes.has(act::modify) &&
        !c.wanted.keep(detail::body_of(layer_.request(a.transaction))))
      return false;
    if (c.wishes.has(act::modify)) {
      c.wishes.drop(act::modify);
      what = act::modify;
    }
    if (c.modify_at.is_never() || c.retry_act == act::refresh) c.retry_act = what;
    c.modify_at = now + wait;
    return true;
  }
  // RFC 3261 12.2.1.2: "If the response for a request within a dialog is a 481
  // (Call/Transaction Does Not Exist) or a 408 (Request Timeout), the UAC SHOULD terminate the
  // dialog."
  constexpr bool end_if_lost(call_record& c, uac_call::step const& taken, status_code status,
                             instant now, message const& m) {
    auto const of_dialog = taken.template does<ctsip::dialog>();
    if (!of_dialog.has(ctsip::dialog::action::send_bye) &&
        !of_dialog.has(ctsip::dialog::action::end_dialog))
      return false;
    if (c.is_fork)
      release(c);
    else if (c.phase != call_phase::ending)
      give_up(c, status, now, m);
    return true;
  }

  // A response that cannot be sent is left to its retransmission, which the caller's own brings
  // about (RFC 6026 8.8: the transaction stays); so only requests of ours fail. 8.1.3.1: a timeout
  // is treated as a 408, a transport error as a 503.
  constexpr void on_failure(arrival const& a, status_code status, instant now) {
    call_record* const c = owner_of(a);
    if (!c) return;
    if (c->phase == call_phase::calling && c->invite == a.transaction)
      return finish(*c, user_event_kind::failed, now, status);
    if (c->phase == call_phase::ending && c->bye == a.transaction)
      return finish(*c, user_event_kind::ended, now, status);
    message const request = layer_.request(a.transaction);
    call_message said;
    said.event = response_event(direction::received, status, request.method(), mark::to_tag);
    said.cseq = request.cseq().number;
    if (c->prack == a.transaction || c->earlier_prack == a.transaction)
      on_prack_response(a, *c, said, now);
    else if (c->update == a.transaction || (c->reinvite == a.transaction && c->reinvite_open))
      on_modification_response(a, *c, said, now);
  }

  // ---- Timers

  constexpr void fire(call_record& c, instant now) {
    if (c.retry <= now) {
      c.retry = instant::never();
      send_pracks(c, now);
      drain(c, now);
    } else if (c.modify_at <= now) {
      c.modify_at = instant::never();
      call_message over;
      over.event = timer_event(owns_call_id(c) ? timer::glare_owner : timer::glare_other);
      if (step(c, over, now)
              .template does<session_modification>()
              .has(session_modification::action::retry_modification)) {
        c.wishes.keep(c.retry_act);
        drain(c, now);
      }
    } else if (c.patience <= now) {
      if (layer_.alive(c.asked))
        (void)refuse_asked(c, 488, now);
      else
        forget_asked(c);
    } else if (c.success.next_timeout() <= now) {
      // The BYE after 64*T1 is the business of invite_usage.
      if (c.success.handle_timeout(now, c.over, timers())
              .does.has(success_retransmission::action::send_success))
        (void)layer_.resend_success(c.accepted, now);
    } else if (c.rules.next_timeout() <= now) {
      react(c, c.rules.handle_timeout(now, timers()), now);
    }
    schedule(c);
  }

  // What the rules ask for when one of their timers has fired.
  constexpr void react(call_record& c, uac_call::step const& taken, instant now) {
    auto const usage = taken.template does<invite_usage>();
    auto const reliable = taken.template does<reliable_provisional>();
    auto const timer = taken.template does<session_timer>();
    using of_usage = invite_usage::action;
    if (taken.template does<cancellation>().has(cancellation::action::give_up)) {
      if (c.is_fork) return release(c);
      layer_.abandon(c.invite);
      return finish(c, user_event_kind::failed, now, status_of_timeout);
    }
    if (usage.has(of_usage::end_early_dialogs)) {
      if (c.phase == call_phase::lingering) return release(c);
      return release_early_family(c);
    }
    // "then a CANCEL is generated" (13.2.1).
    if (usage.has(of_usage::send_cancel)) (void)ask(c, act::cancel, now);
    // "If the invitation expires before the UAS has generated a final response, a 487 (Request
    // Terminated) response SHOULD be generated" (13.3.1).
    if (usage.has(of_usage::answer_487)) {
      (void)refuse(c, 487, now);
      return finish(c, user_event_kind::cancelled, now, 487);
    }
    if (usage.has(of_usage::send_provisional)) remind(c, now);
    if (usage.has(of_usage::send_bye)) return give_up(c, status_of_timeout, now);
    if (reliable.has(reliable_provisional::action::resend_provisional)) {
      auto const last = c.rules.rules().template facts<reliable_provisional>().sent.last_rseq;
      (void)write_provisional(c, c.reliable_status, last,
                              c.reliable_sdp ? c.session.view() : message_body{}, now);
    }
    // "the UAS SHOULD reject the original request with a 5xx response" (RFC 3262 3).
    if (reliable.has(reliable_provisional::action::reject_with_5xx)) {
      (void)refuse(c, 504, now);
      return finish(c, user_event_kind::failed, now, status_of_timeout);
    }
    if (timer.has(session_timer::action::send_refresh)) (void)ask(c, act::refresh, now);
    if (timer.has(session_timer::action::send_bye)) give_up(c, status_of_timeout, now);
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
    if (reliably && awaits_prack(c)) return;
    call_message const said = provisional_message(c, status, {}, reliably);
    if (!c.rules.rules().judge(said).refused() &&
        send_provisional(c, said, {}, now) == sending::sent)
      (void)step(c, said, now);
  }

  endpoint_settings settings_;
  [[no_unique_address]] Credentials credentials_;
  layer_type layer_;
  bool has_100rel_{};
  bool has_timer_{};
  extra_field supported_{};
  deadline_queue<Size.calls> call_deadlines_{};
  user_event events_[4]{}; // one call into the endpoint causes at most two
  std::size_t event_first_{};
  std::size_t event_size_{};
  std::uint64_t untold_{};
  std::size_t live_calls_{};
  std::uint32_t requests_given_up_{}; // at most so many after the INVITE, in a dialog given up
  std::uint32_t first_free_{0};
  call_record calls_[Size.calls]{};
  transaction_key released_forks_[8]{}; // those released last
  std::size_t next_released_{};
};

} // namespace ctsip
