// The transaction layer over bytes: datagrams in, datagrams out, what concerns the core passed up.
//
// It joins the store of transactions with the messages that they send again, applies the matching
// and the response routing of RFC 3261 17 and 18 and RFC 3581, and answers by itself what needs no
// core: retransmissions, malformed and merged requests, requests that find it full.
// Read transaction/store.hpp, message/reader.hpp and message/writer.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/message/destination.hpp>
#include <ctsip/message/message_event.hpp>
#include <ctsip/message/reader.hpp>
#include <ctsip/message/validity.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/transaction/store.hpp>
#include <ctsip/user_agent/address.hpp>
#include <ctsip/user_agent/identifiers.hpp>

namespace ctsip {

/// A message to put on the wire. The bytes stay until the next call that receives or causes another
/// message. 8 can wait, or 4 of the longest, and beyond them one of each
/// transaction, until that has another or ends. What finds no place, as an ACK to a 2xx or an
/// answer without a transaction may, is counted in `layer_counts::unsent`, like a packet lost.
///
/// Over a stream it belongs on the open connection whose far end is `to`, be it one that we opened
/// or accepted; if there is none, on one to `connect_to()`, opened for it. Only a ping has none
/// opened for it: then it could not be sent.
struct datagram {
  std::string_view bytes;
  address to{};
  transport over{transport::udp};
  transaction_handle transaction{}; ///< to be named if it cannot be sent
  std::uint16_t connect_port{};     ///< that of `connect_to()`; 0: the port of `to`
  bool too_long_for_udp{};          ///< hence over TCP (18.1.1), and of no transaction

  /// `to` with the port at which its owner accepts connections (RFC 3261 18.2.2).
  constexpr address connect_to() const {
    address result = to;
    if (connect_port != 0) result.port = connect_port;
    return result;
  }
  /// Whether it asks if a flow is still there (RFC 5626 4.4.1), and "For TCP, a flow is equivalent
  /// to a TCP connection" (2.1): a new one proves nothing about the old.
  constexpr bool is_ping() const { return bytes == "\r\n\r\n"; }
};

/// What became of a datagram received, or of a timer.
enum class arrival_kind : std::uint8_t {
  nothing,         ///< nothing for the core: absorbed, answered by the layer, or dropped
  request,         ///< a new request; `transaction` answers it, or `answer` if there is none
  ack,             ///< an ACK to a 2xx (or to nothing)
  response,        ///< a response to a request of ours
  timeout,         ///< no answer, or no ACK, came in time
  transport_error, ///< a message could not be sent
  ended            ///< a transaction terminated in silence
};

struct arrival {
  arrival_kind kind{arrival_kind::nothing};
  transaction_handle transaction{};
  std::uint32_t owner{};    ///< as given by the core for this transaction
  ctsip::message message{}; ///< what was received; empty for timeouts
  address source{};         ///< where it came from
  transport over{transport::udp};
};

enum class [[nodiscard]] sending : std::uint8_t;
/// What happened to a command.
enum class sending : std::uint8_t {
  sent,
  deferred,   ///< the RFC says to wait: it is sent as soon as it may be
  gone,       ///< the transaction has ended in the meantime
  full,       ///< no transaction is free
  unwritable, ///< the message does not fit the buffers of the layer, has a part it must not, or
              ///< no port to go to
  refused     ///< the rules do not let it
};

/// The result's name.
constexpr char const* name(sending s) {
  switch (s) {
  case sending::sent: return "sent";
  case sending::deferred: return "deferred";
  case sending::gone: return "gone";
  case sending::full: return "full";
  case sending::unwritable: return "unwritable";
  case sending::refused: return "refused";
  }
  return "";
}

namespace detail {

// A handle that names nothing says why in the place of its generation.
template <class Handle>
constexpr Handle no_handle(sending why) {
  return {UINT32_MAX, static_cast<std::uint32_t>(why)};
}
template <class Handle>
constexpr sending reason_of(Handle h) {
  if (h) return sending::sent;
  return h.generation == 0 ? sending::gone : static_cast<sending>(h.generation);
}

} // namespace detail

/// Counts of what the layer handled by itself.
struct layer_counts {
  std::uint64_t malformed{}; ///< dropped: not SIP, or an ACK or response that breaks its grammar
  std::uint64_t rejected{};  ///< requests answered 4xx or 5xx by the layer
  std::uint64_t overload{};  ///< requests answered 503 because no transaction was free
  std::uint64_t stray{};     ///< responses that match no transaction, its dialog or our address
  std::uint64_t retransmissions{}; ///< requests that matched a transaction
  std::uint64_t unsent{};          ///< datagrams that the caller did not take in time
};

/// What an element says of itself. The texts must outlive the layer.
struct element_settings {
  hash_seed seed{}; ///< 128 bits from a cryptographic random source, new at each start
  /// Required: host[:port] of the Via header fields that we add (18.1.1), IPv6 in brackets; with
  /// any other text nothing can be sent.
  lasting_text sent_by{};
  capabilities own{}; ///< what requests are judged by
  timer_values timers{};
  /// Whether a request that is too long for a datagram goes over TCP instead (RFC 3261 18.1.1). To
  /// be set by whoever can open connections: a board without TCP would send no such request at
  /// all, so that by default it goes over UDP in fragments.
  bool large_over_tcp{};
  /// The longest request that goes over UDP, in bytes: 200 less than the path MTU, and 1300 where
  /// that is not known (18.1.1). Both are for elements whose messages may have more than 1300
  /// bytes; others have no code for them.
  std::uint16_t largest_datagram{1300};
};

namespace detail {

// A request, to be written with the Via that the layer gives it.
class request_text {
 public:
  virtual constexpr writer write(std::span<char> buffer, via_parts const& via) const = 0;

 protected:
  ~request_text() = default;
};
template <class Write>
class request_text_by final : public request_text {
 public:
  constexpr explicit request_text_by(Write& write) : write_(write) {}
  constexpr writer write(std::span<char> buffer, via_parts const& via) const override {
    return write_(buffer, via);
  }

 private:
  Write& write_;
};

} // namespace detail

/// `Transactions` at a time, each message of at most `MessageSize` bytes.
template <std::size_t Transactions, std::size_t MessageSize, class Policy = on_violation::trap>
class transaction_layer {
 public:
  constexpr explicit transaction_layer(element_settings const& settings)
      : settings_(settings), own_sent_by_(sent_by_of(settings.sent_by)),
        store_(settings.seed, settings.timers), ids_(settings.seed) {
    if (own_sent_by_.host.empty()) settings_.sent_by = {};
  }

  constexpr element_settings const& settings() const { return settings_; }
  /// Another sent-by for the Via header fields from now on (18.1.1); false, and it stays as it is,
  /// if it is none. The responses to what went before are not for us any more (18.1.2).
  constexpr bool set_sent_by(lasting_text sent_by) {
    host_port const own = sent_by_of(sent_by);
    if (own.host.empty()) return false;
    own_sent_by_ = own;
    settings_.sent_by = sent_by;
    return true;
  }
  constexpr layer_counts const& counts() const { return counts_; }
  constexpr std::size_t live_transactions() const { return store_.size(); }
  constexpr Policy const& policy() const { return store_.policy(); }
  constexpr identifier_source& identifiers() { return ids_; }

  /// Takes one message. Take the datagrams that it causes by `poll_transmit` before the next call.
  constexpr arrival receive(std::string_view bytes, address const& source, transport over,
                            instant now) {
    latest_ = now;
    read_result got = read(bytes);
    if (got.error == read_error::empty) return {};
    if (got.value.is_response()) return receive_response(got, over, now);
    if (!got.value.is_request()) {
      ++counts_.malformed;
      return {};
    }
    return receive_request(got, source, over, now);
  }

  /// When to call `handle_timeout`.
  constexpr instant next_timeout() const { return store_.next_timeout(); }
  /// Fires one timer that is due. Call it while `next_timeout() <= now`.
  constexpr arrival handle_timeout(instant now) {
    latest_ = now;
    auto const fired = store_.handle_timeout(now);
    if (!fired.handle) return {};
    return carry_out(fired.handle, fired.step, nullptr);
  }
  /// Tells that a datagram could not be sent (RFC 3261 18.4). A request that only its length had
  /// put on TCP is sent over UDP then, a response on a connection of its own, and nobody is told. A
  /// ping is of no transaction and of no owner: whose flow it was, `source` and `over` say.
  constexpr arrival handle_transport_error(datagram const& unsent, instant now) {
    latest_ = now;
    if (unsent.is_ping())
      return {.kind = arrival_kind::transport_error,
              .owner = UINT32_MAX,
              .source = unsent.to,
              .over = unsent.over};
    if (may_be_too_long && unsent.too_long_for_udp) remember_without_tcp(unsent.to);
    return handle_transport_error(unsent.transaction, now);
  }
  /// The same for a message of a transaction.
  constexpr arrival handle_transport_error(transaction_handle h, instant now) {
    latest_ = now;
    if (reconnect(h) || !store_.alive(h)) return {};
    if constexpr (may_be_too_long)
      if (return_to_udp(h, now)) return {};
    return step(h, transport_error::value, now);
  }

  /// The next message to put on the wire; false if there is none.
  constexpr bool poll_transmit(datagram& out) {
    if (outbox_first_ != outbox_size_) {
      out = outbox_[outbox_first_++];
      return true;
    }
    return late_ != 0 && poll_late(out);
  }

  /// Sends a request in a new client transaction. `write(buffer, via)` writes the message, with
  /// that Via, and returns its writer. One that is too long for UDP goes over TCP, as the settings
  /// say.
  template <class Write>
  constexpr sending send_request(method m, address const& to, transport over, instant now,
                                 std::uint32_t owner, Write write,
                                 transaction_handle* started = nullptr) {
    return send_text(m, to, over, now, owner, detail::request_text_by<Write>{write}, started);
  }
  /// The same of a request whose writing is no template: code for all of them.
  constexpr sending send_text(method m, address const& to, transport over, instant now,
                              std::uint32_t owner, detail::request_text const& text,
                              transaction_handle* started = nullptr) {
    latest_ = now;
    identifier const branch = ids_.branch();
    writer const w = text.write(scratch_, {over, settings_.sent_by, branch.view()});
    return start(m, branch.view(), w, to, over, now, owner, started);
  }

  /// Cancels the INVITE of a client transaction that awaits its final response (RFC 3261 9.1). It
  /// goes where the INVITE went, with its branch.
  constexpr sending send_cancel(transaction_handle invite, instant now, std::uint32_t owner,
                                std::span<extra_field const> extra = {}) {
    if (!store_.alive(invite) || store_.kind(invite) != transaction_kind::invite_client)
      return sending::gone;
    slot const& s = slots_[invite.index];
    message const& request = read(s.request_text()).value;
    writer const w = write_cancel(scratch_, request, extra);
    return start(method::cancel, request.top_via().branch(), w, s.far_end, store_.over(invite), now,
                 owner, nullptr);
  }

  /// Where a message for `send_directly` may be written, and a place for parts of a message while
  /// it is written: good until the next call that sends.
  constexpr std::span<char> buffer() { return scratch_; }
  constexpr std::span<char> parts_buffer() { return parts_; }
  /// Sends a message outside of any transaction: the ACK to a 2xx (RFC 3261 13.2.2.4).
  constexpr void send_directly(std::string_view text, address const& to, transport over) {
    std::size_t const via =
        is_too_long(text.size(), to, over) ? find_transport(text) : std::size_t{0};
    if (via) over = transport::tcp;
    char* const copy = post_directly({text, to, over, {}, 0, via != 0});
    if (via && copy) put_transport(copy + via, over);
  }

  /// Answers a request. Where it came from is filled in. Who has it at hand, as it was received,
  /// saves reading it once more.
  constexpr sending respond(transaction_handle h, response_parts const& parts, instant now) {
    if (!store_.alive(h)) return sending::gone;
    return respond(h, read(slots_[h.index].copied_text()).value, parts, now);
  }
  constexpr sending respond(transaction_handle h, message const& request,
                            response_parts const& parts, instant now) {
    if (!store_.alive(h)) return sending::gone;
    slot& s = slots_[h.index];
    writer const w = write_from(s, request, parts);
    if (!w.ok()) return sending::unwritable;
    auto const step =
        store_.process(h, response_event(direction::sent, parts.status, request.method()), now);
    if (step.kind == row_kind::refused) return sending::refused;
    s.keep_reply(w.text());
    post_for(h, step, nullptr);
    return sending::sent;
  }

  /// Answers a request that has no transaction (RFC 3261 8.2.7).
  constexpr void answer(arrival const& a, status_code status) {
    via_view const via = a.message.top_via();
    answer_without_state(a.message, via, status, server_key(settings_.seed, parts(a.message, via)),
                         a.source, a.over);
  }

  /// Passes the stored response, which has that status code, to its INVITE server transaction once
  /// more: a 2xx (RFC 3261 13.3.1.4), a reliable 1xx (RFC 3262 3).
  constexpr sending resend(transaction_handle h, status_code status, instant now) {
    if (!store_.alive(h)) return sending::gone;
    auto const step =
        store_.process(h, response_event(direction::sent, status, method::invite), now);
    if (step.kind == row_kind::refused) return sending::refused;
    post_for(h, step, nullptr);
    return sending::sent;
  }

  /// Destroys a transaction in silence: a cancelled INVITE that gets no final response (RFC 3261
  /// 9.1), a request whose answer does not fit.
  constexpr void abandon(transaction_handle h) { store_.remove(h); }

  constexpr bool alive(transaction_handle h) const { return store_.alive(h); }
  /// The request of a transaction, also when it has ended, until its place is taken by another;
  /// empty for a handle of no place, as the following are.
  constexpr message request(transaction_handle h) const {
    return h.index < Transactions ? read(slots_[h.index].request_text()).value : message{};
  }
  /// Where the messages of a transaction go.
  constexpr address peer(transaction_handle h) const {
    return h.index < Transactions ? peer_of(slots_[h.index], store_.over(h)) : address{};
  }
  constexpr transport over(transaction_handle h) const { return store_.over(h); }
  /// What the core gave as the owner of a transaction.
  constexpr std::uint32_t owner(transaction_handle h) const {
    return h.index < Transactions ? slots_[h.index].owner : 0;
  }
  constexpr void set_owner(transaction_handle h, std::uint32_t owner) {
    if (store_.alive(h)) slots_[h.index].owner = owner;
  }
  /// The INVITE server transaction that a CANCEL names, if there is one (RFC 3261 9.2).
  constexpr transaction_handle find_cancelled(message const& cancel) const {
    return store_.find(cancelled_key(settings_.seed, parts(cancel)));
  }

 private:
  // Which of a transaction's messages has found no place among those that wait.
  enum class lateness : std::uint8_t { none, request, reply };

  // A transaction's messages: the request, and what answers it (the last response of a server
  // transaction, the ACK of a client one).
  struct slot {
    char request[MessageSize];
    char reply[MessageSize];
    std::uint16_t request_size{};
    std::uint16_t reply_size{};
    std::uint16_t copied_size{}; // of the request, to the end of what its responses copy
    std::uint16_t from_tag{};    // where it stands in a request of ours; 0 if nowhere
    std::uint16_t call_id{};
    std::uint16_t port{};         // where our messages go, at the far end
    std::uint16_t connect_port{}; // where the peer accepts connections
    std::uint32_t owner{};
    address far_end{};     // where our request goes, or theirs came from
    bool has_second_way{}; // UDP, after TCP for its length only; a new connection for a response
    bool elsewhere{};      // responses go to the maddr of the Via, and not to the far end
    lateness late{};
    transport late_over{};
    std::uint32_t late_generation{};

    constexpr slot() : request{}, reply{} {}
    constexpr std::string_view request_text() const { return {request, request_size}; }
    constexpr std::string_view copied_text() const { return {request, copied_size}; }
    constexpr std::string_view reply_text() const { return {reply, reply_size}; }
    constexpr void keep_request(std::string_view text) {
      request_size = copy(text, request);
      reply_size = 0;
    }
    constexpr void keep_reply(std::string_view text) { reply_size = copy(text, reply); }
    static constexpr std::uint16_t copy(std::string_view text, char* to) {
      text.copy(to, text.size());
      return static_cast<std::uint16_t>(text.size());
    }
  };
  static_assert(MessageSize <= 65535, "a message of more than 65535 bytes fits no datagram");

  static constexpr transaction_parts parts(message const& m) { return parts(m, m.top_via()); }
  static constexpr transaction_parts parts(message const& m, via_view const& via) {
    transaction_parts p;
    p.branch = via.branch();
    p.sent_by_host = via.sent_by().host;
    p.sent_by_port = via.sent_by().port;
    p.method = m.method();
    p.method_name = m.method_name();
    p.from_tag = m.from_tag();
    p.call_id = m.call_id();
    p.cseq = m.cseq().number;
    if (!has_magic_cookie(p.branch)) {
      p.request_uri = m.request_uri();
      p.to_tag = m.to_tag();
      p.top_via = m[header::via];
    }
    return p;
  }

  // Where what a response copies from its request ends (8.2.6.2, 12.1.1, 8.2.6.1): mostly the first
  // third of it, which is all that is read again.
  static constexpr std::uint16_t copied_size(message const& m) {
    char const* last = m.bytes().data();
    for (header const h : {header::via, header::record_route, header::from, header::to,
                           header::call_id, header::cseq, header::timestamp}) {
      if (!m.has(h)) continue;
      std::string_view value = m[h];
      if (m.has_several(h))
        for (field const& row : m.fields(h)) value = row.value;
      char const* const end = value.data() + value.size();
      if (last < end) last = end;
    }
    return static_cast<std::uint16_t>(last - m.bytes().data());
  }

  // "The Content-Length header field MUST be used with stream oriented transports" (18.3). A
  // framer refuses such a message, and all that it can say of it are the header fields.
  static constexpr bool ends_nowhere(message const& m, transport over) {
    return is_stream(over) && !m.has(header::content_length);
  }
  static constexpr bool is_stream(transport over) {
    return over == transport::tcp || over == transport::tls;
  }

  // Finds in a request of ours what `copies` compares. The writer has written each header field in
  // one line, under its long name, and no "=" is in a tag.
  static constexpr void find_copied(slot& s) {
    constexpr std::string_view from{"From: "}, tag{";tag="}, call_id{"Call-ID: "};
    std::string_view const text = s.request_text();
    char const* const end = text.data() + text.size();
    s.from_tag = s.call_id = 0;
    for (char const* p = text.data(); s.from_tag == 0 || s.call_id == 0;) {
      char const* const line_end = detail::find_char(p, end, '\n');
      if (line_end == end) return;
      auto const line = detail::view(p, line_end);
      auto const first = static_cast<std::size_t>(p - text.data());
      if (line.starts_with(call_id)) {
        s.call_id = static_cast<std::uint16_t>(first + call_id.size());
      } else if (line.starts_with(from)) {
        auto const before_tag = line.substr(0, line.rfind('=') + 1);
        if (before_tag.ends_with(tag))
          s.from_tag = static_cast<std::uint16_t>(first + before_tag.size());
      }
      p = line_end + 1;
    }
  }
  // "The From field of the response MUST equal the From header field of the request." "The Call-ID
  // header field of the response MUST equal the Call-ID header field of the request." (8.2.6.2)
  // What does not copy them must not end the transaction either, whose answer is still to come.
  static constexpr bool copies(message const& response, slot const& s) {
    auto const stands_at = [&](std::size_t at, std::string_view text) {
      std::string_view const rest = s.request_text().substr(at);
      return at != 0 && rest.starts_with(text) && rest.substr(text.size()).starts_with('\r');
    };
    return stands_at(s.call_id, response.call_id()) && stands_at(s.from_tag, response.from_tag());
  }
  constexpr arrival receive_response(read_result const& got, transport over, instant now) {
    message const& m = got.value;
    if (!got || !check(got, settings_.own) || ends_nowhere(m, over)) {
      ++counts_.malformed;
      return {};
    }
    via_view const via = m.top_via();
    auto const h =
        store_.find(client_key(settings_.seed, via.branch(), m.method(), m.method_name()));
    // "If the value in the sent-by parameter [...] does not correspond to a value that the client
    // transport is configured to insert into requests, the response MUST be silently discarded"
    // (18.1.2).
    if (!h || !is_ours(via.sent_by()) || !copies(m, slots_[h.index])) {
      ++counts_.stray;
      return {};
    }
    return step(h, event_of(m, direction::received), now, &m);
  }

  constexpr arrival receive_request(read_result& got, address const& source, transport over,
                                    instant now) {
    message const& m = got.value;
    via_view const via = m.top_via();
    transaction_parts const id = parts(m, via);
    auto const key = server_key(settings_.seed, id);
    auto const h = store_.find(key);
    if (m.method() == method::ack) {
      if (!check(got, settings_.own) || ends_nowhere(m, over)) {
        ++counts_.malformed;
        return {};
      }
      if (!h || !acknowledges(m, id, h)) return {arrival_kind::ack, {}, 0, m, source, over};
      arrival result = step(h, event_of(m, direction::received), now, &m);
      result.source = source;
      return result;
    }
    if (h) {
      ++counts_.retransmissions;
      return step(h, event_of(m, direction::received), now);
    }
    // A CANCEL is sent hop by hop, each for the INVITE of its own path (9.1).
    bool const initial = m.to_tag().empty() && m.method() != method::cancel;
    auto const merged = merged_key(settings_.seed, id);
    transaction_handle started;
    status_code refusal = 0;
    // A datagram cut short is a 400 (18.3). On a stream the rest of the body would have come, had
    // there been room for it: it is a request like any other that is too long.
    bool const cut = is_stream(over) && got.error == read_error::content_length_too_long;
    if (cut) got.error = read_error::none;
    if (validity const v = check(got, settings_.own); !v) {
      if (v.result == outcome::discard) {
        ++counts_.malformed;
        return {};
      }
      refusal = v.status;
    } else if (ends_nowhere(m, over)) {
      refusal = 400;
    } else if (initial && store_.find_merged(merged)) {
      refusal = 482; // the same request over another path (8.2.2.2)
    } else {
      auto const kind = m.method() == method::invite ? transaction_kind::invite_server
                                                     : transaction_kind::non_invite_server;
      bool const fits = !cut && m.bytes().size() <= MessageSize;
      if (fits)
        started = initial ? store_.add(kind, key, over, merged) : store_.add(kind, key, over);
      if (!started) {
        // These two free what keeps the store full, and end what has ended at the other side
        // anyway, so they take effect all the same.
        if (m.method() == method::cancel || m.method() == method::bye)
          return {arrival_kind::request, {}, 0, m, source, over};
        if (fits) ++counts_.overload;
        refusal = fits ? 503 : 513;
      }
    }
    if (refusal) {
      answer_without_state(m, via, refusal, key, source, over);
      return {};
    }
    slot& s = slots_[started.index];
    forget_late(s);
    s.keep_request(m.bytes());
    s.copied_size = copied_size(m);
    s.owner = 0;
    auto const [peer, elsewhere] = response_address(via, source, over);
    s.far_end = source;
    s.elsewhere = elsewhere;
    s.port = peer.port;
    s.connect_port = connect_port(via, over);
    s.has_second_way = is_stream(over);
    arrival result = step(started, event_of(m, direction::received), now, &m);
    result.source = source;
    return result;
  }

  // Without a magic cookie the To tag of an ACK must be that of our response (17.2.3); with one the
  // branch has said all.
  constexpr bool acknowledges(message const& ack, transaction_parts const& id,
                              transaction_handle h) const {
    if (store_.kind(h) != transaction_kind::invite_server) return false;
    if (has_magic_cookie(id.branch)) return true;
    read_result const reply = read(slots_[h.index].reply_text());
    return reply && detail::same_token(reply.value.to_tag(), ack.to_tag());
  }

  constexpr sending start(method m, std::string_view branch, writer const& w, address const& to,
                          transport over, instant now, std::uint32_t owner,
                          transaction_handle* started) {
    if (!w.ok() || to.port == 0) return sending::unwritable;
    std::size_t const via =
        is_too_long(w.text().size(), to, over) ? find_transport(w.text()) : std::size_t{0};
    if (via) over = transport::tcp;
    auto const kind =
        m == method::invite ? transaction_kind::invite_client : transaction_kind::non_invite_client;
    std::string_view const name =
        m == method::extension ? read(w.text()).value.method_name() : std::string_view{};
    auto const h = store_.add(kind, client_key(settings_.seed, branch, m, name), over);
    if (!h) return sending::full;
    slot& s = slots_[h.index];
    forget_late(s);
    s.keep_request(w.text());
    find_copied(s);
    if (via) put_transport(s.request + via, over);
    s.has_second_way = via != 0;
    s.owner = owner;
    s.far_end = to;
    s.elsewhere = false;
    s.port = s.connect_port = to.port;
    if (started) *started = h;
    post_for(h, store_.process(h, request_event(direction::sent, m), now), nullptr);
    return sending::sent;
  }

  // "If a request is within 200 bytes of the path MTU, or if it is larger than 1300 bytes and the
  // path MTU is unknown, the request MUST be sent using an RFC 2914 congestion controlled transport
  // protocol, such as TCP." (18.1.1) To a group there is no connection.
  static constexpr bool may_be_too_long = MessageSize > 1300;
  constexpr bool is_too_long(std::size_t size, address const& to, transport over) const {
    return may_be_too_long && over == transport::udp && settings_.large_over_tcp &&
           size > settings_.largest_datagram && !is_multicast(to) &&
           !(to == without_tcp_ && latest_ < without_tcp_until_);
  }
  // 224.0.0.0 to 239.255.255.255, and ff00::/8.
  static constexpr bool is_multicast(address const& a) {
    return a.ipv6 ? a.bytes[0] == 0xff : a.bytes[0] >> 4 == 0xe;
  }
  // "If this causes a change in the transport protocol from the one indicated in the top Via, the
  // value in the top Via MUST be changed." Where it stands in a request of ours; 0 if nowhere.
  static constexpr std::size_t find_transport(std::string_view text) {
    constexpr std::string_view top{"\r\nVia: SIP/2.0/"};
    auto const at = text.find(top);
    return at == std::string_view::npos ? 0 : at + top.size();
  }
  static constexpr void put_transport(char* at, transport over) {
    for (char const* from = name(over); *from; ++from) *at++ = *from;
  }

  // "If an element sends a request over TCP because of these message size constraints, and that
  // request would have otherwise been sent over UDP, if the attempt to establish the connection
  // generates either an ICMP Protocol Not Supported, or results in a TCP reset, the element SHOULD
  // retry the request, using UDP." (18.1.1) With its branch, so that a peer that has received it
  // over the connection all the same takes it for a retransmission (17.2.3).
  constexpr bool return_to_udp(transaction_handle h, instant now) {
    slot& s = slots_[h.index];
    bool const unanswered =
        store_.kind(h) == transaction_kind::invite_client
            ? store_.template state<invite_client>(h) == invite_client::state::calling
        : store_.kind(h) == transaction_kind::non_invite_client
            ? store_.template state<non_invite_client>(h) == non_invite_client::state::trying
            : false;
    if (!unanswered || !s.has_second_way) return false;
    s.has_second_way = false;
    remember_without_tcp(s.far_end);
    put_transport(s.request + find_transport(s.request_text()), transport::udp);
    store_.restart(h, transport::udp);
    // What the machine makes of a request is the same for all but INVITE.
    bool const invite = store_.kind(h) == transaction_kind::invite_client;
    auto const again = request_event(direction::sent, invite ? method::invite : method::options);
    post_for(h, store_.process(h, again, now), nullptr);
    return true;
  }
  // "If that connection is no longer open, the server SHOULD open a connection to the IP address in
  // the "received" parameter, if present, using the port in the "sent-by" value" (18.2.2). Its
  // caller sends nothing again that would bring the response back. Once for each transaction, even
  // where that is the port that the lost connection led to. A final response to another request
  // than INVITE ends its transaction over a stream (17.2.2, Timer J), and may be lost after that.
  constexpr bool reconnect(transaction_handle h) {
    if (!store_.has_place(h)) return false;
    slot& s = slots_[h.index];
    bool const is_server = store_.kind(h) == transaction_kind::non_invite_server ||
                           (store_.kind(h) == transaction_kind::invite_server && store_.alive(h));
    if (!is_server || !s.has_second_way) return false;
    s.has_second_way = false;
    s.port = s.connect_port;
    post_from(h, lateness::reply, store_.over(h));
    return true;
  }
  // The ACK to a 2xx is no transaction, so its retry is the one that the next 2xx brings about, as
  // long as those come (13.3.1.4).
  constexpr void remember_without_tcp(address const& peer) {
    without_tcp_ = peer;
    without_tcp_until_ = latest_ + 64 * settings_.timers.t1;
  }

  // Where the messages of a transaction go. Few responses go to a maddr: where that is, is read
  // again for each of them.
  constexpr address peer_of(slot const& s, transport over) const {
    if (s.elsewhere)
      return response_address(read(s.copied_text()).value.top_via(), s.far_end, over).to;
    address peer = s.far_end;
    peer.port = s.port;
    return peer;
  }

  constexpr arrival step(transaction_handle h, event const& e, instant now,
                         message const* received = nullptr) {
    return carry_out(h, store_.process(h, e, now), received);
  }
  // What a step asks to be sent.
  constexpr void post_for(transaction_handle h, transaction_step const& step,
                          message const* received) {
    using enum transaction_action;
    slot& s = slots_[h.index];
    transport const over = store_.over(h);
    if (step.does.has(send_request)) post_from(h, lateness::request, over);
    if (step.does.has(send_ack) && s.reply_size == 0 && received)
      s.keep_reply(write_ack(scratch_, read(s.request_text()).value, *received).text());
    if (step.does.has(send_trying)) {
      response_parts trying;
      trying.status = 100;
      // "If there is a delay in generating the response, the UAS SHOULD add a delay value into the
      // Timestamp value in the response." (8.2.6.1)
      trying.delay =
          duration(store_.kind(h) == transaction_kind::invite_server ? timer::trying
                                                                     : timer::non_invite_trying,
                   over, settings_.timers);
      s.keep_reply(write_from(s, read(s.copied_text()).value, trying).text());
    }
    if (step.does.has(send_ack) || step.does.has(send_trying) || step.does.has(send_response) ||
        step.does.has(resend_response))
      post_from(h, lateness::reply, over);
  }
  constexpr arrival carry_out(transaction_handle h, transaction_step const& step,
                              message const* received) {
    using enum transaction_action;
    post_for(h, step, received);
    arrival result;
    result.transaction = h;
    result.owner = slots_[h.index].owner;
    if (received) result.message = *received;
    result.over = store_.over(h);
    if (step.does.has(pass_request_up))
      result.kind = arrival_kind::request;
    else if (step.does.has(pass_ack_up))
      result.kind = arrival_kind::ack;
    else if (step.does.has(pass_response_up))
      result.kind = arrival_kind::response;
    else if (step.does.has(inform_timeout))
      result.kind = arrival_kind::timeout;
    else if (step.does.has(inform_transport_error))
      result.kind = arrival_kind::transport_error;
    else if (step.ended)
      result.kind = arrival_kind::ended;
    return result;
  }

  constexpr writer write_from(slot const& s, message const& request, response_parts parts) {
    ip_text const from = to_text(s.far_end);
    parts.source = {from.view(), s.far_end.port};
    return write_response(scratch_, request, parts);
  }

  // As a stateless UAS (8.2.7), for want of a place: the same request gets the same response again,
  // and an ACK to it finds nothing.
  constexpr void answer_without_state(message const& request, via_view const& via,
                                      status_code status, transaction_key key,
                                      address const& source, transport over) {
    identifier const tag = ids_.stateless_tag(key);
    ip_text const from = to_text(source);
    response_parts parts;
    parts.status = status;
    parts.to_tag = tag.view();
    parts.source = {from.view(), source.port};
    extra_field extra[2]{};
    std::size_t extras = 0;
    // What the requester needs to do better, by the definition of each code (21.4.6, 21.4.13,
    // 21.4.15, 8.2.2.3).
    switch (status) {
    case 405:
    case 501: extra[extras++] = {"Allow", settings_.own.allow}; break;
    case 415:
      extra[extras++] = {"Accept", settings_.own.accept};
      extra[extras++] = {"Accept-Encoding", settings_.own.accept_encoding};
      break;
    case 420: {
      constexpr std::string_view row{"Unsupported: \r\n"};
      std::size_t const taken = write_response(scratch_, request, parts).size() + row.size();
      std::size_t const room = taken < MessageSize ? MessageSize - taken : 0;
      extra[0] = {"Unsupported", list_unsupported(request, {parts_, room})};
      extras = !extra[0].value.empty();
      break;
    }
    default: break;
    }
    parts.extra = {extra, extras};
    writer w = write_response(scratch_, request, parts);
    // A list may be too long.
    if (!w.ok()) {
      parts.extra = {};
      w = write_response(scratch_, request, parts);
    }
    counts_.rejected += is_failure(status);
    post_directly(
        {w.text(), response_address(via, source, over).to, over, {}, connect_port(via, over)});
  }

  // "The UAS MUST add an Unsupported header field, and list in it those options it does not
  // understand amongst those in the Require header field of the request." (8.2.2.3) What is no
  // option tag is left out; those that do not fit are left to the requester's next try.
  constexpr std::string_view list_unsupported(message const& request, std::span<char> out) const {
    std::size_t size = 0;
    for (std::string_view const tag : request.elements(header::require)) {
      if (detail::in_list(settings_.own.supported, tag, true)) continue;
      std::size_t const comma = size ? 2 : 0;
      if (size + comma + tag.size() > out.size()) continue;
      if (!detail::all_of(tag, detail::token_char)) continue;
      if (comma) out[size] = ',', out[size + 1] = ' ';
      tag.copy(out.data() + size + comma, tag.size());
      size += comma + tag.size();
    }
    return {out.data(), size};
  }

  // 18.2.2 and RFC 3581 4. A host name has nobody here to resolve it; the source of the request
  // stands in for it. What came over a connection is answered on it, whatever the Via says.
  struct response_way {
    address to{};
    bool elsewhere{}; // it is not the host that the request came from
  };
  static constexpr response_way response_address(via_view const& via, address const& source,
                                                 transport over) {
    if (is_reliable(over)) return {source, false};
    ip_text const from = to_text(source);
    auto const to = destination_of_response(via, {from.view(), source.port});
    auto const parsed = parse_address(to.host, to.port);
    if (!parsed || to.on_connection) return {source, false};
    address at_port = source;
    at_port.port = to.port;
    return {parsed.value, parsed.value != at_port};
  }
  // "If that connection is no longer open, the server SHOULD open a connection to the IP address in
  // the "received" parameter, if present, using the port in the "sent-by" value, or the default
  // port for that transport, if no port is specified." (18.2.2) Received or not, the address is
  // that of the source.
  static constexpr std::uint16_t connect_port(via_view const& via, transport over) {
    if (!is_reliable(over)) return 0;
    return via.sent_by().has_port ? via.sent_by().port : default_port(over);
  }

  static constexpr host_port sent_by_of(std::string_view text) {
    host_port result;
    char const* const end = text.data() + text.size();
    char const* const host_end = detail::skip_host(text.data(), end);
    char const* p = host_end;
    if (p && p != end) p = *p == ':' ? detail::read_port(p + 1, end, result) : nullptr;
    if (p != end || !p) return {};
    result.host = detail::view(text.data(), host_end);
    return result;
  }

  // 18.1.2: whether a response came back to the sent-by that we insert.
  constexpr bool is_ours(host_port const& sent_by) const {
    host_port const& own = own_sent_by_;
    return detail::same_token(sent_by.host, own.host) && sent_by.has_port == own.has_port &&
           sent_by.port == own.port;
  }

  // Null without a place. Those that wait behind others that were taken move to the front.
  constexpr char* post(datagram const& d) {
    if (outbox_first_ != 0) {
      std::size_t const end = outbox_size_;
      outbox_size_ = outbox_bytes_ = 0;
      for (; outbox_first_ != end; ++outbox_first_) append(outbox_[outbox_first_]);
      outbox_first_ = 0;
    }
    return append(d);
  }
  // The bytes are copied, so that a message may be replaced in its transaction before the caller
  // has taken it: a 180 and the 200 right after it are both sent.
  constexpr char* append(datagram const& d) {
    if (outbox_size_ == std::size(outbox_) ||
        outbox_bytes_ + d.bytes.size() > std::size(outbox_text_))
      return nullptr;
    char* const to = outbox_text_ + outbox_bytes_;
    std::char_traits<char>::move(to, d.bytes.data(), d.bytes.size());
    outbox_bytes_ += d.bytes.size();
    datagram& copy = outbox_[outbox_size_++] = d;
    copy.bytes = {to, d.bytes.size()};
    return to;
  }
  constexpr char* post_directly(datagram const& d) {
    char* const copy = d.bytes.empty() ? nullptr : post(d);
    counts_.unsent += !d.bytes.empty() && !copy;
    return copy;
  }
  // A command for each of many calls may come before the first of their messages is taken.
  constexpr void post_from(transaction_handle h, lateness what, transport over) {
    slot& s = slots_[h.index];
    datagram const d = datagram_of(s, what, over, h);
    if (d.bytes.empty() || post(d)) return;
    late_ += s.late == lateness::none;
    s.late = what;
    s.late_over = over;
    s.late_generation = h.generation;
  }
  constexpr datagram datagram_of(slot const& s, lateness what, transport over,
                                 transaction_handle h) const {
    return {what == lateness::request ? s.request_text() : s.reply_text(), peer_of(s, over), over,
            h, s.connect_port};
  }
  // From where it left off, so that all have been looked at once when none is late.
  constexpr bool poll_late(datagram& out) {
    for (;; ++late_slot_) {
      if (late_slot_ == Transactions) late_slot_ = 0;
      slot& s = slots_[late_slot_];
      if (s.late == lateness::none) continue;
      out = datagram_of(s, s.late, s.late_over, {late_slot_, s.late_generation});
      s.late = lateness::none;
      --late_;
      return true;
    }
  }
  // A transaction begins in the place of one that has ended.
  constexpr void forget_late(slot& s) {
    if (s.late == lateness::none) return;
    s.late = lateness::none;
    --late_;
    ++counts_.unsent;
  }

  element_settings settings_;
  host_port own_sent_by_;
  transaction_store<Transactions, Policy> store_;
  identifier_source ids_;
  layer_counts counts_{};
  instant latest_{};            // of the calls that tell the time
  address without_tcp_{};       // a peer that has refused a connection
  instant without_tcp_until_{}; // and until when it is remembered
  // One call causes three messages at most: the ACK and the BYE of a fork that is not wanted, and a
  // deferred CANCEL.
  datagram outbox_[8]{};
  char outbox_text_[4 * MessageSize]{};
  std::size_t outbox_first_{};
  std::size_t outbox_size_{};
  std::size_t outbox_bytes_{};
  std::uint32_t late_{};      // how many slots have a message that is late
  std::uint32_t late_slot_{}; // where the search for one goes on
  slot slots_[Transactions]{};
  char scratch_[MessageSize]{};
  char parts_[MessageSize]{};
};

} // namespace ctsip
