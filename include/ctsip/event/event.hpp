// What can happen to a SIP element, as types and as one small value.
//
// A type for each method and response class, with its direction: `sent<invite>`,
// `received<response<180>>`, `fired<timer::a>`. Each converts to an `event`, a structural value
// that serves as a template argument, in constant evaluation and at run time; a message parsed from
// bytes becomes the same value (message/message_event.hpp). Machines project it onto their own
// small alphabet. RFC 3261 7, 17. Read vocabulary/method.hpp and vocabulary/timer.hpp before it.
#pragma once

#include <cstdint>

#include <ctsip/vocabulary/method.hpp>
#include <ctsip/vocabulary/timer.hpp>

namespace ctsip {

/// What kind of thing happened.
enum class occurrence : std::uint8_t { nothing, request, response, timer, transport_error };

/// Who made it happen: a message that we send is our act, one that we receive is the peer's.
enum class direction : std::uint8_t { none, sent, received };

/// What a rule may want to know of a message beyond method and status code; a set of bits.
enum class mark : std::uint16_t {
  none = 0,
  sdp = 1,                ///< carries a session description
  reliable = 2,           ///< a provisional response sent with 100rel and RSeq (RFC 3262 3)
  to_tag = 4,             ///< the To header field has a tag: within a dialog (RFC 3261 12.2)
  credentials = 8,        ///< carries Authorization or Proxy-Authorization (RFC 3261 22)
  reliable_transport = 16 ///< travels over a reliable transport (RFC 3261 17)
};

constexpr mark operator|(mark a, mark b) {
  return static_cast<mark>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

/// One event as a value. Fields that an occurrence does not use keep their defaults, so that equal
/// events compare equal.
struct event {
  occurrence what{occurrence::nothing};
  direction way{direction::none};
  ctsip::method method{ctsip::method::extension}; ///< of the request, or that a response answers
  ctsip::timer timer{};                           ///< the timer that fired
  std::uint16_t status{0}; ///< status code of a response; 1 … 6 stand for its class
  mark marks{mark::none};

  /// Whether all of the given marks are on the message.
  constexpr bool has(mark m) const {
    return (static_cast<unsigned>(marks) & static_cast<unsigned>(m)) == static_cast<unsigned>(m);
  }
  /// First digit of the status code, 0 if this is no response (RFC 3261 7.2).
  constexpr unsigned response_class() const { return status < 7u ? status : status / 100u; }
  constexpr bool is_sent(ctsip::method m) const { return way == direction::sent && is_request(m); }
  constexpr bool is_received(ctsip::method m) const {
    return way == direction::received && is_request(m);
  }
  constexpr bool is_request(ctsip::method m) const {
    return what == occurrence::request && method == m;
  }
  /// Whether this is a response; one whose status code has no class (RFC 3261 7.2) is none.
  constexpr bool is_response() const {
    return what == occurrence::response &&
           ((status >= 100 && status <= 699) || (status >= 1 && status <= 6));
  }

  friend constexpr bool operator==(event const&, event const&) = default;
};

/// A request of one method: `request<method::invite>`, or by its own name, `invite`.
template <ctsip::method Method>
struct request {
  static constexpr event value{occurrence::request, direction::none, Method, {}, 0, mark::none};
};

/// A response with a status code, or with 1 … 6 any response of that class, to a method.
template <unsigned Status, ctsip::method Method = ctsip::method::invite>
struct response {
  static_assert((Status >= 1 && Status <= 6) || (Status >= 100 && Status <= 699),
                "a status code has three digits, the first of them 1 to 6 (RFC 3261 7.2)");
  static constexpr event value{
      occurrence::response, direction::none, Method, {}, Status, mark::none};
};

/// The response classes by their names in RFC 3261 7.2 and 21.
template <ctsip::method Method = ctsip::method::invite>
using provisional = response<1, Method>;
template <ctsip::method Method = ctsip::method::invite>
using success = response<2, Method>;
template <ctsip::method Method = ctsip::method::invite>
using redirection = response<3, Method>;
template <ctsip::method Method = ctsip::method::invite>
using request_failure = response<4, Method>;
template <ctsip::method Method = ctsip::method::invite>
using server_failure = response<5, Method>;
template <ctsip::method Method = ctsip::method::invite>
using global_failure = response<6, Method>;

/// The same message with marks added: `with<response<183>, mark::sdp>`.
template <class Message, mark... Marks>
struct with {
  static constexpr event value{Message::value.what,   Message::value.way,
                               Message::value.method, Message::value.timer,
                               Message::value.status, (Message::value.marks | ... | Marks)};
};

namespace detail {

constexpr event going(event e, direction way) {
  e.way = way;
  return e;
}

} // namespace detail

/// The message is sent by the machine's owner: an act that a rule may refuse.
template <class Message>
struct sent {
  static constexpr event value = detail::going(Message::value, direction::sent);
  constexpr operator event() const { return value; }
};

/// The message is received: a fact that every rule must take.
template <class Message>
struct received {
  static constexpr event value = detail::going(Message::value, direction::received);
  constexpr operator event() const { return value; }
};

/// A timer fires.
template <ctsip::timer Timer>
struct fired {
  static constexpr event value{
      occurrence::timer, direction::none, ctsip::method::extension, Timer, 0, mark::none};
  constexpr operator event() const { return value; }
};

/// The transport reports that a message could not be delivered (RFC 3261 17.1.4, 17.2.4, 18.4).
struct transport_error {
  static constexpr event value{
      occurrence::transport_error, direction::none, ctsip::method::extension, {}, 0, mark::none};
  constexpr operator event() const { return value; }
};

/// The requests by name, for use inside `sent<…>` and `received<…>`.
namespace messages {
using invite = request<method::invite>;
using ack = request<method::ack>;
using bye = request<method::bye>;
using cancel = request<method::cancel>;
using register_ = request<method::register_>;
using options = request<method::options>;
using prack = request<method::prack>;
using subscribe = request<method::subscribe>;
using notify = request<method::notify>;
using publish = request<method::publish>;
using info = request<method::info>;
using refer = request<method::refer>;
using message = request<method::message>;
using update = request<method::update>;
} // namespace messages

/// The value of a request that was sent or received, for use at run time.
constexpr event request_event(direction way, method m, mark marks = mark::none) {
  return {occurrence::request, way, m, {}, 0, marks};
}

/// The value of a response that was sent or received, for use at run time.
constexpr event response_event(direction way, std::uint16_t status, method answered,
                               mark marks = mark::none) {
  return {occurrence::response, way, answered, {}, status, marks};
}

/// The value of a timer that fired, for use at run time.
constexpr event timer_event(timer t) {
  return {occurrence::timer, direction::none, method::extension, t, 0, mark::none};
}

} // namespace ctsip
