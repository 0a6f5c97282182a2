// What happens in a call, as its rules see it: which request a message is or answers, how it stands
// to what came before it, and whether it carries a session description.
//
// A `call_message` is what a message says (method, status code and the numbers in its header
// fields); its rules compare the numbers with the facts of the dialog and makes a `call_event`
// of it, which has no number any more. Tables never see numbers.
// RFC 3261 12-15, RFC 3262, RFC 3264, RFC 5057. Read event/event.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/event/event.hpp>
#include <ctsip/vocabulary/refresher.hpp>
#include <ctsip/vocabulary/status.hpp>

namespace ctsip {

/// Which request a message of a call is, or which one it answers.
enum class subject : std::uint8_t {
  invite,   ///< the INVITE that begins the call (RFC 3261 13)
  reinvite, ///< an INVITE within its dialog (RFC 3261 14)
  ack,      ///< the ACK to a 2xx (RFC 3261 13.2.2.4); any other belongs to a transaction
  bye,
  cancel,
  prack,
  update,
  other, ///< INFO, REFER, MESSAGE, OPTIONS, SUBSCRIBE, NOTIFY … within the dialog
  none   ///< no message: a timer
};

/// How the message stands to what came before it.
enum class phase : std::uint8_t {
  request,             ///< a request whose numbers are in order
  request_with_100rel, ///< the same, an INVITE whose Supported or Require names 100rel (RFC 3262 4)
  stale_request,       ///< its CSeq number is not higher than that of the last (RFC 3261 12.2.2)
  stray_request,  ///< an ACK, BYE, CANCEL or PRACK that matches nothing: CSeq, tags, branch or RAck
  trying,         ///< 100
  provisional,    ///< 101-199, not reliable
  reliable,       ///< 101-199 with the RSeq that is next (RFC 3262 3)
  reliable_again, ///< 101-199 with an RSeq that was there before: a retransmission
  reliable_gap,   ///< 101-199 with an RSeq that leaves one out (RFC 3262 4)
  early_dialog_ended, ///< 199 (RFC 6228)
  success,            ///< 2xx
  success_again,      ///< the 2xx to an INVITE once more, its ACK having been lost
  failure,            ///< 300-699 whose effect is that the request has failed (RFC 5057 5.1)
  challenge,          ///< 401 or 407
  interval_too_small, ///< 422 (RFC 4028 6)
  glare,              ///< 491
  overlap,            ///< 500 with Retry-After (RFC 3261 14.2, RFC 3311 5.2)
  ends_usage,         ///< 405, 480, 481 …: the INVITE usage has ended (RFC 5057 5.1)
  ends_dialog,        ///< 404, 410, 416 …: the dialog has ended with all that uses it
  timer               ///< a timer fires
};

/// What the message carries of a session. Whether a description is the offer or the answer depends
/// on what came before: that is the business of `offer_answer`.
enum class content : std::uint8_t {
  unspecified, ///< not known: a flow that leaves bodies out
  none,        ///< no session description
  sdp,         ///< one without mandatory preconditions
  sdp_unmet,   ///< one whose mandatory preconditions are not met yet (RFC 3312 5)
  sdp_met      ///< one whose mandatory preconditions are all met
};

/// Whether there is a session description.
constexpr bool has_sdp(content c) { return c >= content::sdp; }

namespace detail {

// The pairs of subject and phase that can occur. A request to which no 1xx is sent (RFC 4320 4.1)
// may still get one from a peer.
constexpr bool can_occur(ctsip::subject s, ctsip::phase p) {
  bool const invites = s == subject::invite || s == subject::reinvite;
  switch (p) {
  case phase::request: return true;
  case phase::request_with_100rel: return invites;
  case phase::stale_request: return s != subject::ack && s != subject::cancel;
  case phase::stray_request:
    return s == subject::ack || s == subject::bye || s == subject::cancel || s == subject::prack;
  case phase::timer: return false;
  case phase::trying:
  case phase::provisional: return s != subject::ack;
  case phase::reliable:
  case phase::reliable_again:
  case phase::reliable_gap:
  case phase::success_again: return invites;
  case phase::early_dialog_ended: return s == subject::invite;
  case phase::success:
  case phase::failure:
  case phase::challenge: return s != subject::ack;
  case phase::interval_too_small:
  case phase::glare:
  case phase::overlap: return invites || s == subject::update;
  case phase::ends_usage:
  case phase::ends_dialog: return s != subject::ack && s != subject::invite && s != subject::cancel;
  }
  return false;
}

inline constexpr std::size_t subject_count = 8;
inline constexpr std::size_t phase_count = 19;
inline constexpr std::size_t content_count = 5;

// Messages whose body a rule looks at.
constexpr bool may_carry_sdp(ctsip::subject s, ctsip::phase p) {
  bool const invites = s == subject::invite || s == subject::reinvite;
  switch (p) {
  case phase::request:
  case phase::request_with_100rel:
    return invites || s == subject::ack || s == subject::prack || s == subject::update;
  case phase::provisional:
  case phase::reliable: return invites;
  case phase::success: return invites || s == subject::prack || s == subject::update;
  default: return false;
  }
}

// Numbers the events of messages without gaps: a subject and a phase that can occur together have
// a number for each direction, and for each content where that matters.
struct event_numbers {
  std::uint16_t first[subject_count][phase_count]{};
  std::uint8_t contents[subject_count][phase_count]{}; // 0 for pairs that cannot occur
  std::uint16_t count{1};                              // 0 is no event of a call

  constexpr event_numbers() {
    for (std::size_t s = 0; s < subject_count; ++s)
      for (std::size_t p = 0; p < phase_count; ++p) {
        auto const subject = static_cast<ctsip::subject>(s);
        auto const phase = static_cast<ctsip::phase>(p);
        if (!can_occur(subject, phase)) continue;
        first[s][p] = count;
        contents[s][p] = may_carry_sdp(subject, phase) ? content_count : 1;
        count = static_cast<std::uint16_t>(count + 2 * contents[s][p]);
      }
  }
};

inline constexpr event_numbers numbers_of_events;

} // namespace detail

struct call_message;

/// One event of a call as a value without numbers.
struct call_event {
  direction way{direction::none};
  ctsip::subject subject{ctsip::subject::none};
  ctsip::phase phase{ctsip::phase::request};
  ctsip::content content{ctsip::content::unspecified};
  ctsip::timer timer{};

  constexpr call_event() = default;
  constexpr call_event(direction w, ctsip::subject s, ctsip::phase p,
                       ctsip::content c = ctsip::content::unspecified)
      : way(w), subject(s), phase(p), content(c) {}
  /// The event as far as it can be told without numbers: requests are in order, a reliable
  /// response is the next one, an INVITE with a To tag is a re-INVITE and all responses to INVITE
  /// are to the first one.
  constexpr call_event(event const& e);
  /// The same for a message, with what it carries.
  constexpr call_event(call_message const& m);

  constexpr bool is_sent() const { return way == direction::sent; }
  constexpr bool is_received() const { return way == direction::received; }
  /// A request of this kind, in order.
  constexpr bool is_request(ctsip::subject s) const {
    return subject == s && phase <= ctsip::phase::request_with_100rel;
  }
  /// A response to this kind of request.
  constexpr bool answers(ctsip::subject s) const {
    return subject == s && phase >= ctsip::phase::trying && phase != ctsip::phase::timer;
  }
  /// Whether it is a final response other than 2xx.
  constexpr bool is_failure() const {
    return phase >= ctsip::phase::failure && phase <= ctsip::phase::ends_dialog;
  }
  /// Whether it ends the session: our BYE, our 2xx to the peer's (RFC 3261 15.1.2), or a failure
  /// that ends usage or dialog. "If the request is rejected, none of the state changes are
  /// performed" (12.2.2), so the peer's BYE itself does not.
  constexpr bool ends_session() const {
    if (phase == ctsip::phase::ends_usage || phase == ctsip::phase::ends_dialog) return true;
    return subject == ctsip::subject::bye && is_sent() &&
           (phase == ctsip::phase::request || phase == ctsip::phase::success);
  }
  /// Whether it is an INVITE, first or later, or a response to one.
  constexpr bool is_invite() const {
    return subject == ctsip::subject::invite || subject == ctsip::subject::reinvite;
  }
  constexpr bool is_timer(ctsip::timer t) const {
    return phase == ctsip::phase::timer && timer == t;
  }

  /// How many events there are: `index()` is below it.
  static constexpr std::size_t alphabet_size = detail::numbers_of_events.count + timer_count;
  /// The number of the event; 0 for what is no event of a call.
  constexpr std::size_t index() const;
  /// The event with that number. Where no rule looks at the body, its content is `none`.
  static constexpr call_event at(std::size_t index);

  friend constexpr bool operator==(call_event const&, call_event const&) = default;
};

/// What a message of a call says: the event, and the numbers that its header fields carry. Zero
/// stands for a field that is not there.
struct call_message {
  ctsip::event event{};
  std::uint32_t cseq{};      ///< CSeq number; a response has that of its request (RFC 3261 8.1.1.5)
  std::uint32_t rseq{};      ///< RSeq of a reliable provisional response (RFC 3262 7.1)
  std::uint32_t rack{};      ///< the RSeq in the RAck of a PRACK (RFC 3262 7.2)
  std::uint32_t rack_cseq{}; ///< the CSeq number in the RAck of a PRACK
  std::uint32_t session_expires{};       ///< seconds (RFC 4028 4)
  std::uint32_t min_se{};                ///< seconds (RFC 4028 5)
  ctsip::refresher refresher{};          ///< of Session-Expires
  ctsip::content content{content::none}; ///< which session description
  bool supports_100rel{};                ///< Supported or Require names 100rel
  bool requires_100rel{};                ///< Require names 100rel
  bool supports_timer{};                 ///< Supported or Require names timer
  bool supports_precondition{};          ///< Supported or Require names precondition
  bool requires_precondition{};          ///< Require names precondition
  bool retry_after{};                    ///< there is a Retry-After
  bool other_branch{};                   ///< a CANCEL or non-2xx ACK with a branch of its own
  bool again{};                          ///< a retransmission of what was received before
  bool zero_cseq{};                      ///< `cseq` is there, and is 0, which is a legal number
};

namespace detail {

struct subjects_of_methods {
  ctsip::subject of[method_count + 1]{};

  constexpr subjects_of_methods() {
    for (auto& s : of) s = subject::other;
    of[static_cast<unsigned>(method::invite)] = subject::invite;
    of[static_cast<unsigned>(method::ack)] = subject::ack;
    of[static_cast<unsigned>(method::bye)] = subject::bye;
    of[static_cast<unsigned>(method::cancel)] = subject::cancel;
    of[static_cast<unsigned>(method::prack)] = subject::prack;
    of[static_cast<unsigned>(method::update)] = subject::update;
  }
};

// A table: messages come in any order, and a jump by their method is rarely predicted.
inline constexpr subjects_of_methods subjects;

constexpr ctsip::subject subject_of(event const& e) {
  auto const m = static_cast<unsigned>(e.method);
  auto const plain = subjects.of[m < method_count ? m : method_count];
  // A response has a To tag in any case.
  return plain == subject::invite && e.what == occurrence::request && e.has(mark::to_tag)
             ? subject::reinvite
             : plain;
}

constexpr ctsip::phase failure_phase(ctsip::subject s, std::uint16_t status, method m) {
  switch (status) {
  case 401:
  case 407: return phase::challenge;
  // Only INVITE and UPDATE can be turned down for these reasons; to any other request they are
  // failures like any other.
  case 422:
    if (can_occur(s, phase::interval_too_small)) return phase::interval_too_small;
    break;
  case 491:
    if (can_occur(s, phase::glare)) return phase::glare;
    break;
  default: break;
  }
  // The first INVITE has no dialog yet that could end.
  if (s == subject::invite) return phase::failure;
  switch (effect_of(status < 7 ? status_code{static_cast<std::uint16_t>(status * 100)}
                               : status_code{status},
                    m)) {
  case response_effect::usage: return phase::ends_usage;
  case response_effect::dialog: return phase::ends_dialog;
  default: return phase::failure;
  }
}

constexpr ctsip::phase phase_of(event const& e, ctsip::subject s) {
  if (e.what == occurrence::request) return phase::request;
  switch (e.response_class()) {
  case 1:
    // A reliable 199 is acknowledged like any other (RFC 6228 4).
    return e.status == 100         ? phase::trying
           : e.has(mark::reliable) ? phase::reliable
           : e.status == 199       ? phase::early_dialog_ended
                                   : phase::provisional;
  case 2: return phase::success;
  default: return failure_phase(s, e.status, e.method);
  }
}

} // namespace detail

constexpr std::size_t call_event::index() const {
  if (phase == ctsip::phase::timer)
    return detail::numbers_of_events.count + static_cast<std::size_t>(timer);
  if (subject == ctsip::subject::none) return 0;
  auto const s = static_cast<std::size_t>(subject);
  auto const p = static_cast<std::size_t>(phase);
  std::size_t const contents = detail::numbers_of_events.contents[s][p];
  return detail::numbers_of_events.first[s][p] + (way == direction::received ? contents : 0) +
         (contents == detail::content_count) * static_cast<std::size_t>(content);
}

constexpr call_event::call_event(event const& e) {
  if (e.what == occurrence::timer) {
    phase = ctsip::phase::timer;
    timer = e.timer;
    return;
  }
  bool const request = e.what == occurrence::request;
  if (!request && !e.is_response()) return;
  // What neither side has sent is no event, and there is no response to ACK (RFC 3261 17).
  if (e.way == direction::none || (!request && e.method == method::ack)) return;
  way = e.way;
  subject = detail::subject_of(e);
  phase = detail::phase_of(e, subject);
  content = e.has(mark::sdp) ? ctsip::content::sdp : ctsip::content::none;
}

constexpr call_event::call_event(call_message const& m) {
  if (m.event.what == occurrence::request) {
    if (m.event.way == direction::none) return;
    way = m.event.way;
    subject = detail::subject_of(m.event);
    content = m.content;
    if (is_invite()) {
      if (m.supports_100rel) phase = ctsip::phase::request_with_100rel;
    } else if (subject == ctsip::subject::ack || subject == ctsip::subject::cancel) {
      if (m.other_branch) phase = ctsip::phase::stray_request;
      // The description in an ACK that is sent again has been taken before.
      if (m.again && subject == ctsip::subject::ack) content = ctsip::content::unspecified;
    }
    return;
  }
  *this = call_event{m.event};
  if (phase == ctsip::phase::timer || subject == ctsip::subject::none) return;
  content = m.content;
  if (m.other_branch && subject == ctsip::subject::cancel) phase = ctsip::phase::stray_request;
  if (m.again && phase == ctsip::phase::success && is_invite()) phase = ctsip::phase::success_again;
  if (m.retry_after && phase == ctsip::phase::failure && m.event.status == 500 &&
      detail::can_occur(subject, ctsip::phase::overlap))
    phase = ctsip::phase::overlap;
}

namespace detail {

// The events in the order of their numbers, to count through all of them.
struct all_call_events {
  call_event of[numbers_of_events.count + timer_count]{};

  constexpr all_call_events() {
    for (std::size_t s = 0; s < subject_count; ++s)
      for (std::size_t p = 0; p < phase_count; ++p) {
        std::size_t const contents = numbers_of_events.contents[s][p];
        for (std::size_t i = 0; i < 2 * contents; ++i)
          of[numbers_of_events.first[s][p] + i] =
              call_event{i < contents ? direction::sent : direction::received,
                         static_cast<ctsip::subject>(s), static_cast<ctsip::phase>(p),
                         contents == 1 ? content::none : static_cast<ctsip::content>(i % contents)};
      }
    for (std::size_t t = 0; t < timer_count; ++t)
      of[numbers_of_events.count + t] = call_event{timer_event(static_cast<ctsip::timer>(t))};
  }
};

inline constexpr all_call_events events_by_number;

} // namespace detail

constexpr call_event call_event::at(std::size_t i) { return detail::events_by_number.of[i]; }

} // namespace ctsip
