// A user agent without a socket: bytes and the time go in, datagrams and events come out.
//
//   agent.receive(bytes, source, transport, now);          // or handle_timeout(now)
//   while (agent.poll_transmit(d)) …send d.bytes to d.to…
//   while (agent.poll_event(e)) …e.kind, e.call…
//   …wait for the next datagram, until agent.next_timeout()…
//
// It places and answers calls: INVITE with its 1xx, 2xx and ACK, CANCEL, BYE and OPTIONS, over any
// transport. What it sends and receives in a call steps the rules of the call (dialog/call.hpp),
// which say what may be sent, what waits and what is gone. RFC 3261 8, 9, 11, 13, 15.
// Read transaction_layer.hpp and dialog/wants.hpp before it; call_handles.hpp has the same calls as
// objects that have only the operations that are legal in their state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/dialog/ack_retransmission.hpp>
#include <ctsip/dialog/call.hpp>
#include <ctsip/dialog/success_retransmission.hpp>
#include <ctsip/dialog/wants.hpp>
#include <ctsip/message/call_message.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip {

/// How much an endpoint can hold. Nothing is allocated beyond it.
struct endpoint_size {
  std::size_t calls{4};         ///< at a time, those that wait for late 2xx (13.2.2.4) included
  std::size_t transactions{16}; ///< at a time; each lives up to 64*T1 after its end
  std::size_t message{1300};    ///< bytes of the longest message (18.1.1)
};

/// Names a call of an endpoint; stale once the call has ended, and harmless then.
struct call_handle {
  std::uint32_t index{UINT32_MAX};
  std::uint32_t generation{};

  constexpr explicit operator bool() const { return index != UINT32_MAX; }
  friend constexpr bool operator==(call_handle, call_handle) = default;
};

/// What the user learns of a call. Exactly one of `rejected`, `cancelled`, `ended` and `failed` is
/// the last of each call that the user has not refused; what is left of the call after a `failed`
/// is ended by a BYE in silence.
enum class user_event_kind : std::uint8_t {
  incoming,    ///< somebody calls: `ring`, `answer`, `reject`
  provisional, ///< our call: a 1xx, in `status`
  answered,    ///< our call: a 2xx, acknowledged already
  rejected,    ///< our call: a final response from 300 to 699, in `status`
  confirmed,   ///< the ACK to our 2xx has come
  cancelled,   ///< the caller gave up before our answer
  ended,       ///< by a BYE, theirs or ours
  failed       ///< no answer or no ACK in time (408), a 2xx too large (513), nothing sendable (503)
};

/// The event's name.
constexpr char const* name(user_event_kind e) {
  switch (e) {
  case user_event_kind::incoming: return "incoming";
  case user_event_kind::provisional: return "provisional";
  case user_event_kind::answered: return "answered";
  case user_event_kind::rejected: return "rejected";
  case user_event_kind::confirmed: return "confirmed";
  case user_event_kind::cancelled: return "cancelled";
  case user_event_kind::ended: return "ended";
  case user_event_kind::failed: return "failed";
  }
  return "";
}

/// How far a call is, as its user sees it.
enum class call_state : std::uint8_t {
  outgoing,    ///< ours, and nobody has rung yet
  incoming,    ///< theirs, and not answered yet
  early,       ///< ours, and a 101-199 has come
  established, ///< answered
  ended        ///< over, or never there
};

/// An event, by value. The message is a view of the datagram that caused it: empty for a timer,
/// and not to be read after that datagram is gone.
struct user_event {
  user_event_kind kind{};
  call_handle call{};
  status_code status{};
  ctsip::message message{};
};

/// A call to be placed.
struct outgoing_call {
  std::string_view target; ///< Request-URI and To, "sip:bob@example.com"
  std::string_view from;   ///< From, "sip:alice@example.com"
  address next_hop{};      ///< where to send it: resolving names is the caller's (RFC 3263)
  transport over{transport::udp};
  message_body offer{};
};

/// What an endpoint says of itself. The texts must outlive it. Without `element.sent_by` and
/// `contact` nothing can be sent: `call` gives no handle, `ring` and `answer` say `unwritable`.
struct endpoint_settings {
  element_settings element{};
  std::string_view
      contact{}; ///< required: the URI at which it is reached, "sip:alice@192.0.2.1:5060"
};

/// A user agent client and server for calls.
template <endpoint_size Size, class Policy = on_violation::trap>
class endpoint {
  using layer_type = transaction_layer<Size.transactions, Size.message, Policy>;
  static_assert(Size.calls > 0 && Size.calls < UINT32_MAX);

 public:
  constexpr explicit endpoint(endpoint_settings const& settings)
      : settings_(settings), layer_(settings.element) {
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
    call_message const invite = request_of(method::invite, 1, mark::none, content_of(out.offer));
    c->phase = call_phase::calling;
    c->over = out.over;
    c->peer = out.next_hop;
    c->local_cseq = c->invite_cseq = 1;
    identifier const call_id = layer_.identifiers().token();
    auto const result = layer_.send_request(
        method::invite, out.next_hop, out.over, now, index_of(*c),
        [&](std::span<char> buffer, via_parts const& via) {
          extra_field const extra[] = {{"Allow", settings_.element.own.allow}};
          request_parts r;
          r.method = method::invite;
          r.target = out.target;
          r.via = via;
          r.from = {out.from, c->local_tag.view(), {}};
          r.to = {out.target, {}, {}};
          r.call_id = call_id.view();
          r.cseq = c->local_cseq;
          r.contact = settings_.contact;
          r.extra = extra;
          r.content = out.offer;
          return write_request(buffer, r);
        },
        &c->invite);
    if (result != sending::sent) {
      release(*c);
      return {};
    }
    (void)c->rules.process(invite, on_violation::report{});
    return handle_of(*c);
  }

  /// Sends a 101-199 to an incoming call: 180 Ringing, or with a preview of the media 183.
  /// `refused` if it is no such status code, or the preview would be an offer (13.2.1).
  constexpr sending ring(call_handle h, instant now, status_code status = 180,
                         message_body const& preview = {}) {
    call_record* const c = find(h, call_phase::incoming);
    if (!c) return sending::gone;
    if (status < 101 || status > 199) return sending::refused;
    return respond(*c, status, preview, now);
  }

  /// Accepts an incoming call with 200 and a session description (RFC 3261 13.3.1.4). `gone` if a
  /// CANCEL was faster, `refused` if the answer to an offer, or the offer, is missing.
  constexpr sending answer(call_handle h, message_body const& session, instant now) {
    call_record* const c = find(h, call_phase::incoming);
    if (!c) return sending::gone;
    auto const result = respond(*c, 200, session, now);
    if (result != sending::sent) return result;
    c->phase = call_phase::accepted;
    // The first of them has just been sent; the machine sends the others.
    (void)c->success.process(success_retransmission::symbol::success_from_tu, now, c->over,
                             timers());
    schedule(*c);
    return result;
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
    case call_phase::established: return ask(*c, act::bye, now);
    case call_phase::free:
    case call_phase::ending:
    case call_phase::lingering: break;
    }
    return sending::gone;
  }

  /// How far the call is by now: further perhaps than the last event that was taken says.
  constexpr call_state state(call_handle h) const {
    call_record const* const c = find(h);
    if (!c) return call_state::ended;
    switch (c->phase) {
    case call_phase::calling:
      return c->rules.template is<dialog>(dialog::state::early) ? call_state::early
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
    return c && c->phase != call_phase::lingering ? c->dialog_message() : message{};
  }

 private:
  static constexpr std::uint32_t no_call = UINT32_MAX;
  using act = call_acts::act;

  enum class call_phase : std::uint8_t {
    free,
    calling,     // our INVITE awaits its final response
    incoming,    // their INVITE awaits ours
    accepted,    // our 2xx awaits its ACK
    established, // a session
    ending,      // our BYE awaits its response
    lingering    // over; 2xx that come late are still acknowledged
  };

  struct call_record {
    call_phase phase{call_phase::free};
    bool end_told{}; // the user has had the last event
    wants<> wishes{};
    uac_call rules{};
    transport over{};
    std::uint16_t dialog_size{};
    std::uint16_t ack_size{};
    std::uint32_t generation{};
    std::uint32_t next_free{no_call};
    std::uint32_t local_cseq{};
    std::uint32_t invite_cseq{};
    transaction_handle invite{};
    transaction_handle bye{};
    timed_machine<success_retransmission> success{};
    timed_machine<ack_retransmission> acknowledgement{};
    instant cancel_deadline{instant::never()};
    instant retry{instant::never()}; // of a CANCEL or BYE for which no transaction was free
    address peer{};
    identifier local_tag{};
    char dialog[Size.message]{}; // the INVITE received, or the 2xx received: the dialog's source
    char ack[Size.message]{};

    constexpr message dialog_message() const {
      return read(std::string_view{dialog, dialog_size}).value;
    }
    constexpr void keep_dialog(std::string_view text) {
      text.copy(dialog, text.size());
      dialog_size = static_cast<std::uint16_t>(text.size());
    }
    constexpr instant next_timeout() const {
      instant first = cancel_deadline < retry ? cancel_deadline : retry;
      if (success.next_timeout() < first) first = success.next_timeout();
      if (acknowledgement.next_timeout() < first) first = acknowledgement.next_timeout();
      return first;
    }
  };

  // A dialog's parts as views of the message that it comes from (RFC 3261 12.1.1, 12.1.2).
  struct dialog_view {
    std::string_view routes[Size.message / 8]; // the shortest route, "<sip:a>,", has 8 characters
    std::size_t route_count{};
    dialog_parts parts{};

    constexpr dialog_view(message const& source, std::string_view local_tag) {
      bool const caller = source.is_response();
      for (std::string_view const r : source.elements(header::record_route))
        if (route_count < std::size(routes)) routes[route_count++] = r;
      // 12.1.2, of the caller: "taken in reverse order and preserving all URI parameters".
      for (std::size_t i = 0; caller && i < route_count / 2; ++i) {
        auto const kept = routes[i];
        routes[i] = routes[route_count - 1 - i];
        routes[route_count - 1 - i] = kept;
      }
      auto const local = caller ? source.from() : source.to();
      auto const remote = caller ? source.to() : source.from();
      parts.local = {local.uri(), local_tag, {}};
      parts.remote = {remote.uri(), remote.tag(), {}};
      parts.call_id = source.call_id();
      parts.remote_target = source.contact().uri();
      // An RFC 2543 peer may give no Contact.
      if (parts.remote_target.empty()) parts.remote_target = remote.uri();
      parts.route_set = {routes, route_count};
    }
    dialog_view(dialog_view const&) = delete;
    dialog_view& operator=(dialog_view const&) = delete;

    // Where a request in the dialog goes: the first route or the remote target, if it says so in
    // numbers, else where the peer's messages come from.
    constexpr address next_hop(address const& peer, transport over) const {
      uri_view const uri{route_count ? name_addr_view{routes[0]}.uri() : parts.remote_target};
      auto const& at = uri.hostport();
      auto const parsed = parse_address(at.host, at.has_port ? at.port : default_port(over));
      return parsed ? parsed.value : peer;
    }
  };

  constexpr timer_values const& timers() const { return settings_.element.timers; }
  constexpr std::uint32_t index_of(call_record const& c) const {
    return static_cast<std::uint32_t>(&c - calls_);
  }
  constexpr call_handle handle_of(call_record const& c) const {
    return {index_of(c), c.generation};
  }
  constexpr call_record const* find(call_handle h) const {
    return h.index < Size.calls && calls_[h.index].generation == h.generation &&
                   calls_[h.index].phase != call_phase::free
               ? &calls_[h.index]
               : nullptr;
  }
  constexpr call_record* find(call_handle h) {
    return const_cast<call_record*>(static_cast<endpoint const*>(this)->find(h));
  }
  constexpr call_record* find(call_handle h, call_phase p) {
    call_record* const c = find(h);
    return c && c->phase == p ? c : nullptr;
  }
  // The call whose INVITE or BYE this client transaction carries.
  constexpr call_record* owner_of(arrival const& a) {
    if (a.owner >= Size.calls) return nullptr;
    call_record& c = calls_[a.owner];
    return c.phase != call_phase::free && (c.invite == a.transaction || c.bye == a.transaction)
               ? &c
               : nullptr;
  }
  // The call whose dialog a request belongs to (12.2.2): our tag names it, the rest must agree.
  constexpr call_record* find_dialog(message const& m) {
    auto const index = identifier_source::index_of(m.to_tag());
    if (index >= Size.calls) return nullptr;
    call_record& c = calls_[index];
    if (c.phase == call_phase::free || c.phase == call_phase::calling ||
        c.local_tag.view() != m.to_tag())
      return nullptr;
    message const source = c.dialog_message();
    std::string_view const remote_tag = source.is_response() ? source.to_tag() : source.from_tag();
    return source.call_id() == m.call_id() && detail::same_token(remote_tag, m.from_tag())
               ? &c
               : nullptr;
  }

  // A free record; when there is none, one that only waits for late 2xx.
  constexpr call_record* take_call() {
    if (first_free_ == no_call) {
      for (auto& c : calls_)
        if (c.phase == call_phase::lingering) {
          release(c);
          break;
        }
      if (first_free_ == no_call) return nullptr;
    }
    std::uint32_t const index = first_free_;
    call_record& c = calls_[index];
    first_free_ = c.next_free;
    c.end_told = false;
    c.wishes.clear();
    c.rules = {};
    c.dialog_size = c.ack_size = 0;
    c.invite = c.bye = {};
    c.success = {};
    c.acknowledgement = {};
    c.cancel_deadline = c.retry = instant::never();
    c.local_tag = layer_.identifiers().tag(index);
    ++live_calls_;
    return &c;
  }
  constexpr void release(call_record& c) {
    if (c.phase != call_phase::lingering) --live_calls_;
    c.phase = call_phase::free;
    ++c.generation;
    c.next_free = first_free_;
    first_free_ = index_of(c);
    call_deadlines_.set(index_of(c), instant::never());
  }
  constexpr void schedule(call_record const& c) {
    call_deadlines_.set(index_of(c), c.next_timeout());
  }

  constexpr void tell(user_event_kind kind, call_record const& c, status_code status = 0,
                      message const& m = {}) {
    if (event_first_ == event_size_) event_first_ = event_size_ = 0;
    if (event_size_ < std::size(events_))
      events_[event_size_++] = {kind, handle_of(c), status, m};
    else
      ++untold_;
  }

  // The session is over. A caller's record stays to acknowledge a late 2xx once more.
  constexpr void finish(call_record& c, user_event_kind kind, status_code status = 0,
                        message const& m = {}) {
    if (!c.end_told) tell(kind, c, status, m);
    if (!c.acknowledgement.is(ack_retransmission::state::acknowledged)) return release(c);
    c.phase = call_phase::lingering;
    c.wishes.clear();
    c.retry = instant::never();
    schedule(c);
    --live_calls_;
  }

  constexpr sending respond(call_record& c, status_code status, message_body const& body,
                            instant now) {
    call_message const said = response_of(status, method::invite, c.invite_cseq, content_of(body));
    if (c.rules.judge(said).refused()) return sending::refused;
    extra_field const extra[] = {{"Allow", settings_.element.own.allow}};
    response_parts r;
    r.status = status;
    r.to_tag = c.local_tag.view();
    if (status < 300) r.contact = settings_.contact;
    if (is_success(status)) r.extra = extra;
    r.content = body;
    auto const result = layer_.respond(c.invite, r, now);
    if (result == sending::sent) (void)c.rules.process(said, on_violation::report{});
    return result;
  }
  // A final response that ends a call. When it does not fit, the call ends in silence: nobody may
  // keep transactions by requests that are too large to be answered.
  constexpr sending refuse(call_record& c, status_code status, instant now) {
    auto const result = respond(c, status, {}, now);
    if (result != sending::sent) layer_.abandon(c.invite);
    return result;
  }
  constexpr void reply(arrival const& a, status_code status, instant now,
                       std::string_view to_tag = {}) {
    if (!a.transaction) return layer_.answer(a, status);
    identifier const tag = layer_.identifiers().token();
    extra_field const all[] = {{"Allow", settings_.element.own.allow},
                               {"Accept", settings_.element.own.accept},
                               {"Supported", settings_.element.own.supported}};
    char seconds[8]{};
    extra_field const wait[] = {{"Retry-After", draw_retry_after(seconds)}};
    response_parts r;
    r.status = status;
    r.to_tag = to_tag.empty() ? tag.view() : to_tag;
    if (status == 405) r.extra = {all, 1};
    // "MUST include a Retry-After header field with a randomly chosen value of between 0 and 10
    // seconds" (14.2).
    if (status == 500 && a.message.method() == method::invite) r.extra = wait;
    // 11.2: what an OPTIONS asks for.
    if (a.message.method() == method::options && is_success(status)) {
      r.contact = settings_.contact;
      r.extra = all;
    }
    if (layer_.respond(a.transaction, r, now) == sending::sent) return;
    r.extra = {};
    if (layer_.respond(a.transaction, r, now) != sending::sent) layer_.abandon(a.transaction);
  }
  constexpr std::string_view draw_retry_after(char (&text)[8]) {
    auto seconds = retry_after_window().pick(layer_.identifiers().draw()).count / 1000;
    std::size_t size = 0;
    if (seconds >= 10) text[size++] = static_cast<char>('0' + seconds / 10);
    text[size++] = static_cast<char>('0' + seconds % 10);
    return {text, size};
  }

  // What the user wants of a call, as far as its rules allow it.
  constexpr sending ask(call_record& c, act what, instant now) {
    sending result{sending::gone};
    auto const became =
        c.wishes.ask(what, c.rules, message_of(c, what), [&](act a, call_message const&) {
          result = perform(c, a, now);
          return result != sending::full;
        });
    return became == act_result::deferred ? sending::deferred : result;
  }
  // What was told to wait and is allowed by now.
  constexpr void drain(call_record& c, instant now) {
    (void)c.wishes.drain(
        c.rules, [&](act a) { return message_of(c, a); },
        [&](act a, call_message const&) { return perform(c, a, now) != sending::full; });
  }
  // A message of the call that comes or goes by itself.
  constexpr auto step(call_record& c, call_message const& m) {
    return c.rules.process(m, on_violation::report{});
  }
  constexpr auto step(call_record& c, message const& m) { return step(c, received_message(m)); }

  // This user agent has no preconditions (RFC 3312), so it cannot tell whether they are met.
  static constexpr call_message received_message(message const& m) {
    call_message c = call_message_of(m, direction::received);
    if (has_sdp(c.content)) c.content = content::sdp;
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
  // The requests that the user's wishes are; the others cannot be wished here.
  static constexpr call_message message_of(call_record const& c, act a) {
    return a == act::cancel ? request_of(method::cancel, c.invite_cseq, mark::none)
                            : request_of(method::bye, c.local_cseq + 1, mark::to_tag);
  }
  constexpr sending perform(call_record& c, act a, instant now) {
    auto const result = a == act::cancel ? send_cancel(c, now) : send_bye(c, now);
    // What a user wants ended must not live on because no transaction was free.
    if (result == sending::full) {
      c.retry = now + timers().t1;
      schedule(c);
    }
    return result;
  }
  constexpr sending send_cancel(call_record& c, instant now) {
    auto const result = layer_.send_cancel(c.invite, now, no_call);
    if (result == sending::full) return result;
    // "the client SHOULD then consider the original transaction cancelled and SHOULD destroy the
    // client transaction" after 64*T1 without a final response (9.1).
    c.cancel_deadline = now + duration(timer::cancel_timeout, c.over, timers());
    schedule(c);
    return result;
  }
  constexpr sending send_bye(call_record& c, instant now) {
    message const source = c.dialog_message();
    dialog_view const dialog{source, c.local_tag.view()};
    auto const result = layer_.send_request(
        method::bye, dialog.next_hop(c.peer, c.over), c.over, now, index_of(c),
        [&](std::span<char> buffer, via_parts const& via) {
          return write_bye(buffer, dialog.parts, via, c.local_cseq + 1);
        },
        &c.bye);
    if (result == sending::full) return result;
    if (result == sending::sent) {
      ++c.local_cseq;
      c.phase = call_phase::ending;
      c.retry = instant::never();
      schedule(c);
    } else {
      // The other side's route set or target does not fit a message or breaks its grammar.
      finish(c, user_event_kind::failed, status_of_transport_error);
    }
    return result;
  }

  constexpr void dispatch(arrival const& a, instant now) {
    switch (a.kind) {
    case arrival_kind::request: return on_request(a, now);
    case arrival_kind::ack: return on_ack(a, now);
    case arrival_kind::response: return on_response(a, now);
    case arrival_kind::timeout: return on_failure(a, status_of_timeout);
    case arrival_kind::transport_error: return on_failure(a, status_of_transport_error);
    case arrival_kind::nothing:
    case arrival_kind::ended: return;
    }
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
    bool const supported = m.method() == method::bye || m.method() == method::invite;
    if (!supported) {
      said.event.method = method::options;
      said.content = content::none;
    }
    auto const reaction = step(*c, said).template does<dialog>();
    // "If the remote sequence number was not empty, but the sequence number of the request is
    // lower than the remote sequence number, the request is out of order and MUST be rejected with
    // a 500" (12.2.2).
    if (reaction.has(dialog::action::answer_500)) return reply(a, 500, now);
    switch (m.method()) {
    case method::bye: return on_bye(a, *c, now);
    case method::options: return reply(a, 200, now);
    // "A UAS that receives a second INVITE before it sends the final response to a first INVITE
    // [...] MUST return a 500"; later the session stays as it is (14.2).
    case method::invite: {
      status_code const status = c->phase == call_phase::incoming ? 500 : 488;
      (void)step(*c, response_of(status, method::invite, m.cseq().number));
      return reply(a, status, now);
    }
    default: return reply(a, 405, now);
    }
  }

  constexpr void on_invite(arrival const& a, instant now) {
    // A call that the user would never hear of is not taken.
    call_record* const c = event_size_ < std::size(events_) ? take_call() : nullptr;
    if (!c) return reply(a, 486, now);
    c->phase = call_phase::incoming;
    c->over = a.over;
    c->peer = a.source;
    c->invite = a.transaction;
    c->invite_cseq = a.message.cseq().number;
    (void)step(*c, a.message);
    c->keep_dialog(a.message.bytes());
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
        owner < Size.calls && calls_[owner].invite == invite ? &calls_[owner] : nullptr;
    reply(a, 200, now, c ? c->local_tag.view() : std::string_view{});
    if (!c) return;
    // It was matched by its branch (9.2), whatever number it has.
    call_message cancel = received_message(a.message);
    cancel.cseq = c->invite_cseq;
    (void)step(*c, cancel);
    (void)step(*c, response_of(200, method::cancel, c->invite_cseq));
    if (c->phase != call_phase::incoming) return;
    (void)refuse(*c, 487, now);
    finish(*c, user_event_kind::cancelled, 0, a.message);
  }

  constexpr void on_bye(arrival const& a, call_record& c, instant now) {
    reply(a, 200, now);
    (void)step(c, response_of(200, method::bye, a.message.cseq().number));
    c.wishes.clear();
    // "The UAS MUST still respond to any pending requests received for that dialog. It is
    // RECOMMENDED that a 487 (Request Terminated) response be generated" (15.1.2).
    if (c.phase == call_phase::incoming) (void)refuse(c, 487, now);
    if (c.phase == call_phase::accepted)
      (void)c.success.process(success_retransmission::symbol::bye, now, c.over, timers());
    // When BYEs cross, ours awaits its own response.
    if (c.phase != call_phase::ending) finish(c, user_event_kind::ended, 0, a.message);
  }

  constexpr void on_ack(arrival const& a, instant now) {
    call_record* const c = find_dialog(a.message);
    if (!c || c->phase != call_phase::accepted || a.message.cseq().number != c->invite_cseq) return;
    (void)c->success.process(success_retransmission::symbol::ack, now, c->over, timers());
    schedule(*c);
    c->phase = call_phase::established;
    (void)step(*c, a.message);
    if (c->wishes.has(act::bye))
      drain(*c, now);
    else
      tell(user_event_kind::confirmed, *c, 0, a.message);
  }

  constexpr void on_response(arrival const& a, instant now) {
    message const& m = a.message;
    call_record* const c = owner_of(a);
    if (m.method() == method::bye) {
      if (!c || !is_final(m.status())) return;
      (void)step(*c, m);
      return finish(*c, user_event_kind::ended, m.status(), m);
    }
    if (m.method() != method::invite) return;
    if (is_success(m.status())) return on_success(a, c, now);
    if (!c || c->phase != call_phase::calling) return;
    (void)step(*c, m);
    if (is_final(m.status())) return finish(*c, user_event_kind::rejected, m.status(), m);
    drain(*c, now);
    tell(user_event_kind::provisional, *c, m.status(), m);
  }

  constexpr void on_success(arrival const& a, call_record* c, instant now) {
    message const& m = a.message;
    if (c && c->phase == call_phase::calling) {
      if (m.bytes().size() <= Size.message) return establish(a, *c, now);
      finish(*c, user_event_kind::failed, 513, m);
      return release_fork(a, now);
    }
    if (c && detail::same_token(c->dialog_message().to_tag(), m.to_tag())) {
      auto const step =
          c->acknowledgement.process(ack_retransmission::symbol::success, now, c->over, timers());
      if (step.does.has(ack_retransmission::action::send_ack)) post_ack(*c);
      return;
    }
    release_fork(a, now);
  }

  constexpr void establish(arrival const& a, call_record& c, instant now) {
    c.keep_dialog(a.message.bytes());
    c.cancel_deadline = instant::never();
    // A CANCEL that was too late, or still waits, becomes a BYE (15).
    if (step(c, a.message)
            .template does<cancellation>()
            .has(cancellation::action::acknowledge_and_bye))
      c.wishes.keep(act::bye);
    identifier const branch = layer_.identifiers().branch();
    dialog_view const dialog{a.message, c.local_tag.view()};
    writer const w = write_ack(std::span<char>{c.ack}, dialog.parts, layer_.request(a.transaction),
                               {c.over, settings_.element.sent_by, branch.view(), true});
    c.ack_size = static_cast<std::uint16_t>(w.text().size());
    (void)c.acknowledgement.process(ack_retransmission::symbol::success, now, c.over, timers());
    (void)c.acknowledgement.process(ack_retransmission::symbol::ack_from_tu, now, c.over, timers());
    c.retry = instant::never();
    schedule(c);
    c.phase = call_phase::established;
    if (!w.ok()) return finish(c, user_event_kind::failed, status_of_transport_error, a.message);
    post_ack(c);
    // This user agent has no answer for the ACK where the 2xx carries the offer (13.2.2.4); that is
    // between the users, the usage is acknowledged all the same.
    if (step(c, request_of(method::ack, c.invite_cseq, mark::to_tag)).refused())
      (void)step(c, request_of(method::ack, c.invite_cseq, mark::to_tag, content::unspecified));
    if (!c.wishes.empty())
      drain(c, now);
    else
      tell(user_event_kind::answered, c, a.message.status(), a.message);
  }
  constexpr void post_ack(call_record const& c) {
    message const source = c.dialog_message();
    dialog_view const dialog{source, c.local_tag.view()};
    layer_.send_directly({c.ack, c.ack_size}, dialog.next_hop(c.peer, c.over), c.over);
  }

  // A 2xx that no call wants, from another branch of a fork: acknowledged each time, and released
  // by one BYE (13.2.2.4), from the response alone. A callee that makes up branches gets its ACKs,
  // but no BYE once these would take more than half of the transactions.
  constexpr void release_fork(arrival const& a, instant now) {
    message const& m = a.message;
    dialog_view const dialog{m, m.from_tag()};
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
    auto const result = layer_.send_request(
        method::bye, to, a.over, now, no_call, [&](std::span<char> buffer, via_parts const& via) {
          return write_bye(buffer, dialog.parts, via, m.cseq().number + 1);
        });
    if (result != sending::sent) return;
    released_forks_[next_released_] = fork;
    next_released_ = (next_released_ + 1) % std::size(released_forks_);
  }

  // A response that cannot be sent is left to its retransmission, which the caller's own brings
  // about (RFC 6026 8.8: the transaction stays); so only requests of ours fail.
  constexpr void on_failure(arrival const& a, status_code status) {
    call_record* const c = owner_of(a);
    if (!c) return;
    if (c->phase == call_phase::calling)
      finish(*c, user_event_kind::failed, status);
    else if (c->phase == call_phase::ending)
      finish(*c, user_event_kind::ended, status);
  }

  constexpr void fire(call_record& c, instant now) {
    if (c.cancel_deadline <= now) {
      layer_.abandon(c.invite);
      return finish(c, user_event_kind::failed, status_of_timeout);
    }
    if (c.retry <= now) {
      c.retry = instant::never();
      schedule(c);
      return drain(c, now);
    }
    if (c.success.next_timeout() <= now) {
      auto const fired = c.success.handle_timeout(now, c.over, timers());
      schedule(c);
      if (fired.does.has(success_retransmission::action::send_success))
        (void)layer_.resend_success(c.invite, now);
      if (fired.does.has(success_retransmission::action::send_bye)) {
        tell(user_event_kind::failed, c, status_of_timeout);
        c.end_told = true;
        call_message timeout;
        timeout.event = timer_event(timer::success_timeout);
        (void)step(c, timeout);
        (void)ask(c, act::bye, now);
      }
      return;
    }
    (void)c.acknowledgement.handle_timeout(now, c.over, timers());
    schedule(c);
    if (c.phase == call_phase::lingering) release(c);
  }

  endpoint_settings settings_;
  layer_type layer_;
  deadline_queue<Size.calls> call_deadlines_{};
  user_event events_[4]{}; // one call into the endpoint causes at most two
  std::size_t event_first_{};
  std::size_t event_size_{};
  std::uint64_t untold_{};
  std::size_t live_calls_{};
  std::uint32_t first_free_{0};
  call_record calls_[Size.calls]{};
  transaction_key released_forks_[8]{}; // those released last
  std::size_t next_released_{};
};

} // namespace ctsip
