// Calls between an endpoint on its desk and alice at 192.0.2.1, whom the test plays message by
// message.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "user_agent/desk.hpp"

namespace ctsip_tests {

using strings = std::vector<std::string>;
using story = std::vector<heard>;

inline std::string const alices_contact = "Contact: <sip:alice@192.0.2.1:5066>\r\n";

/// Alice's INVITE with an offer; `more` are header fields beside its Contact.
inline request_text invite_of_alice(std::string const& more = "") {
  auto r = of("INVITE");
  r.more = alices_contact + more + "Content-Type: application/sdp\r\n";
  r.body = "v=0\r\n";
  return r;
}
/// What alice sends in the dialog that bob's response to her INVITE has made.
inline request_text in_dialog(std::string method, std::string_view response, unsigned cseq,
                              std::string const& more = "") {
  auto r = of(std::move(method));
  r.via += r.method + std::to_string(cseq);
  r.from = value_of(response, ctsip::header::from);
  r.to = value_of(response, ctsip::header::to);
  r.call_id = value_of(response, ctsip::header::call_id);
  r.cseq = cseq;
  r.more = more;
  return r;
}
/// What alice sends in the dialog that her response to bob's INVITE has made.
inline request_text in_callee_dialog(std::string method, std::string_view response, unsigned cseq,
                                     std::string const& more = "") {
  auto r = in_dialog(std::move(method), response, cseq, more);
  std::swap(r.from, r.to);
  return r;
}
/// The same with the description of `invite_of_alice` once more.
inline request_text with_same_offer(request_text r) {
  r.more += "Content-Type: application/sdp\r\n";
  r.body = "v=0\r\n";
  return r;
}
/// The same with an offer of its own.
inline request_text with_offer(request_text r) {
  r = with_same_offer(std::move(r));
  r.body += "s=" + std::to_string(r.cseq) + "\r\n";
  return r;
}

/// The elements of a header field, over all its lines.
inline strings all_of(std::string_view text, ctsip::header h) {
  strings all;
  ctsip::message const m = ctsip::read(text).value;
  for (std::string_view const element : m.elements(h)) all.emplace_back(element);
  return all;
}

template <class Desk>
void check_sent(Desk& agent, strings const& expected) {
  BOOST_TEST(agent.look() == expected, boost::test_tools::per_element());
}
template <class Desk>
void check_heard(Desk& agent, story const& expected) {
  BOOST_TEST(agent.listen() == expected, boost::test_tools::per_element());
}
inline void check_all(strings const& got, strings const& expected) {
  BOOST_TEST(got == expected, boost::test_tools::per_element());
}

/// Bob has been called and has answered, and the ACK has come.
template <ctsip::endpoint_size Size = ctsip::endpoint_size{}>
struct answered_call : desk<Size> {
  std::string ok{}; // bob's 200
  ctsip::call_handle h{};

  explicit answered_call(request_text const& first = invite_of_alice()) {
    this->receive(first.text());
    h = this->call;
    (void)this->answer(h);
    this->look();
    ok = this->last.back().bytes;
    this->receive(in_dialog("ACK", ok, first.cseq).text());
    check_heard(*this,
                {{ctsip::user_event_kind::incoming, 0}, {ctsip::user_event_kind::confirmed, 0}});
  }
};

/// Bob has called, alice has answered with these header fields, and the ACK is sent: it is `last`.
template <ctsip::endpoint_size Size = ctsip::endpoint_size{}>
struct placed_call : desk<Size> {
  ctsip::call_handle h{};
  std::string invite{}; // bob's
  std::string ok{};     // alice's 200

  explicit placed_call(std::string const& more = alices_contact) {
    h = this->place();
    this->look();
    invite = this->last[0].bytes;
    ok = ctsip_tests::answer(invite, 200, "alice", more);
    this->receive(ok);
    check_sent(*this, {"ACK"});
    check_heard(*this, {{ctsip::user_event_kind::answered, 200}});
  }
};

} // namespace ctsip_tests
