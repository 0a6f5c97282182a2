// Calls as handles of the type of their state, and every interleaving of a held handle with what
// the network does: RFC 3261 9, 13, 14, 15.
#include <ctsip/user_agent/call_handles.hpp>

#include <concepts>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ctsip/dialog/call.hpp>
#include <ctsip/transaction/invite_server.hpp>

#include "user_agent/desk.hpp"

using namespace ctsip;
using namespace ctsip_tests;

namespace {

constexpr endpoint_size small{2, 12, 700};
using agent_type = endpoint<small>;
using my = calls<agent_type>;

// Keeps what it was handed, by name, and one handle of each type.
struct recorder {
  std::vector<std::string> heard{};
  std::unique_ptr<my::incoming> incoming{};
  std::unique_ptr<my::outgoing> outgoing{};
  std::unique_ptr<my::early> early{};
  std::unique_ptr<my::established> established{};
  std::unique_ptr<my::ended> ended{};

  void on(my::outgoing& c) {
    heard.push_back("outgoing");
    outgoing = std::make_unique<my::outgoing>(c);
  }
  void on(my::incoming& c) {
    heard.push_back("incoming");
    incoming = std::make_unique<my::incoming>(c);
  }
  void on(my::early& c, user_event const& e) {
    heard.push_back("early " + std::to_string(e.status));
    early = std::make_unique<my::early>(c);
  }
  void on(my::established& c) {
    heard.push_back("established");
    established = std::make_unique<my::established>(c);
  }
  void on(my::ended& c, user_event const& e) {
    heard.push_back("ended " + std::to_string(e.status));
    ended = std::make_unique<my::ended>(c);
  }
};

struct forgetful {
  void on(my::outgoing&) {}
  void on(my::incoming&) {}
  void on(my::established&) {}
  void on(my::ended&) {}
};

template <class Call>
concept can_ack = requires(Call c) {
  { c.ack() } -> std::same_as<act_result>;
};
template <class Call>
concept can_hang_up = requires(Call c) {
  { c.hang_up(instant{}) } -> std::same_as<act_result>;
};
template <class Call>
concept can_set_contact = requires(Call c) {
  { c.set_contact("sip:bob@192.0.2.2") } -> std::same_as<act_result>;
};
template <class Call>
concept can_answer = requires(Call c) {
  { c.answer(message_body{}, instant{}) } -> std::same_as<act_result>;
};
template <class Call>
concept can_acknowledge = requires(Call c) {
  { c.acknowledge(message_body{}, instant{}) } -> std::same_as<act_result>;
};
struct without_modification : endpoint_traits {
  using call_rules = composition<dialog, invite_usage, cancellation, offer_answer>;
};

endpoint_settings bob() { return {element_of("192.0.2.2"), "sip:bob@192.0.2.2:5060"}; }

request_text invite() {
  auto r = of("INVITE");
  r.more = "Contact: <sip:alice@192.0.2.1:5066>\r\nContent-Type: application/sdp\r\n";
  r.body = "v=0\r\n";
  return r;
}

std::string const contact = "Contact: <sip:alice@192.0.2.1:5066>\r\n";
std::string const with_sdp = contact + "Content-Type: application/sdp\r\n";

// What the test knows of the call, from the RFC: it shares nothing with the library.
enum class course {
  calling,     // our INVITE, no response
  cancel_kept, // the same, and the user wants to cancel it
  proceeding,  // a provisional response has come
  cancelling,  // CANCEL sent
  invited,     // their INVITE
  accepted,    // our 2xx awaits its ACK
  bye_kept,    // the same, and the user wants to end it
  established,
  ending, // our BYE awaits its response
  over
};

// One endpoint, bob, with one call, and all that has been sent. Copied where histories part.
struct world {
  agent_type agent{bob()};
  instant now{1'000'000};
  call_handle call{};
  course at{};
  bool rung{};           // a 180 has come to our INVITE: there is an early dialog
  std::string invite{};  // ours
  std::string request{}; // the last one sent, other than INVITE and ACK
  std::string reply{};   // the first response with a tag to their INVITE
  std::string tag{"a"};  // alice's, in the dialog of our call
  unsigned serial{};     // of the requests that alice sends
  // What the test knows of modifications, from RFC 3261 14.
  std::string reinvite{}; // our last one
  unsigned theirs_cseq{20};
  bool ours{};        // our re-INVITE has no final response
  bool theirs{};      // alice's has none, and the user is asked
  bool waits{};       // a wish to modify is kept
  bool retracted{};   // it is to be cancelled, once it has a provisional response
  bool after_glare{}; // a modification is to be tried again after a 491
  bool unconfirmed{}; // our 2xx to alice's re-INVITE awaits its ACK
  std::size_t ends{}; // how often the user heard that the call is over

  void take() {
    for (datagram d; agent.poll_transmit(d);) {
      message const m = read(d.bytes).value;
      if (m.is_response()) {
        if (reply.empty() && m.method() == method::invite && m.status() > 100) reply = d.bytes;
      } else if (m.method() == method::invite) {
        (m.to_tag().empty() ? invite : reinvite) = d.bytes;
      } else if (m.method() != method::ack) {
        request = d.bytes;
      }
    }
    for (user_event e; agent.poll_event(e);) {
      // An INVITE that comes again after its transaction is another call.
      if (e.kind == user_event_kind::incoming && call)
        (void)agent.reject(e.call, 486, now);
      else if (e.kind == user_event_kind::incoming)
        call = e.call;
      if (e.call == call && detail::state_after(e) == call_state::ended) ++ends;
    }
  }
  void receive(std::string const& text) {
    agent.receive(text, ip(1), transport::udp, now);
    take();
  }
  void advance(std::int64_t by) {
    instant const end = now + milliseconds{by};
    while (agent.next_timeout() <= end) {
      now = agent.next_timeout();
      agent.handle_timeout(now);
      take();
    }
    now = end;
  }
  // What alice sends in the dialog, whichever side has begun it.
  void send_in_dialog(std::string method, unsigned cseq, std::string const& offer = "") {
    auto r = of(std::move(method));
    r.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKalice" + std::to_string(++serial);
    r.cseq = cseq;
    if (invite.empty()) {
      r.to = reply.empty() ? r.to : value_of(reply, header::to);
    } else {
      r.from = value_of(invite, header::to) + ";tag=" + tag;
      r.to = value_of(invite, header::from);
      r.call_id = value_of(invite, header::call_id);
    }
    r.more = {};
    if (!offer.empty()) {
      r.more = "Contact: <sip:alice@192.0.2.1>\r\nContent-Type: application/sdp\r\n";
      r.body = offer;
    }
    receive(r.text());
  }

  my::outgoing outgoing() { return my::outgoing{agent, call}; }
  my::incoming incoming() { return my::incoming{agent, call}; }
  my::early early() { return my::early{agent, call}; }
  my::established established() { return my::established{agent, call}; }
};

using result = act_result;

// A step of a history: something that the network does, or an operation on a held handle. It does
// it, moves what the test knows, and says whether the result is right.
struct letter {
  char const* name;
  bool (*step)(world&);
};

bool is(act_result got, act_result expected) { return got == expected; }

// A response to our INVITE, with this To tag.
void respond(world& w, int status, std::string const& tag) {
  w.receive(answer(w.invite, status, tag, status >= 200 && status < 300 ? with_sdp : contact,
                   status >= 200 && status < 300 ? "v=0\r\n" : ""));
}

void provisional(world& w, int status) {
  respond(w, status, status == 100 ? "" : "a");
  if (status > 100 && w.at != course::over) w.rung = true;
  if (w.at == course::calling) w.at = course::proceeding;
  if (w.at == course::cancel_kept) w.at = course::cancelling;
}
void accept(world& w, std::string const& tag) {
  respond(w, 200, tag);
  if (w.at == course::calling || w.at == course::proceeding)
    w.at = course::established;
  else if (w.at == course::cancel_kept || w.at == course::cancelling)
    w.at = course::ending;
  else
    return;
  w.tag = tag;
}
void refuse(world& w, int status) {
  respond(w, status, "a");
  if (w.at == course::calling || w.at == course::cancel_kept || w.at == course::proceeding ||
      w.at == course::cancelling)
    w.at = course::over;
}
void answer_request(world& w) {
  if (w.request.empty()) return;
  bool const is_bye = read(w.request).value.method() == method::bye;
  w.receive(answer(w.request, 200, "a"));
  if (w.at == course::ending && is_bye) w.at = course::over;
}
void wait_64_t1(world& w) {
  // An accepted call gets its BYE at 64*T1, and a BYE without a response is given up by then.
  w.advance(32'000 + 1);
  switch (w.at) {
  case course::calling:
  case course::cancel_kept:
  case course::cancelling:
  case course::ending: w.at = course::over; break;
  case course::accepted:
  case course::bye_kept: w.at = course::ending; break;
  default: break;
  }
}

bool cancel(world& w, act_result got) {
  switch (w.at) {
  case course::calling:
  case course::cancel_kept: w.at = course::cancel_kept; return is(got, result::deferred);
  case course::proceeding: w.at = course::cancelling; return is(got, result::done);
  default: return is(got, result::gone);
  }
}
bool hang_up(world& w, act_result got) {
  switch (w.at) {
  case course::established: w.at = course::ending; return is(got, result::done);
  case course::accepted:
  case course::bye_kept: w.at = course::bye_kept; return is(got, result::deferred);
  case course::invited: w.at = course::over; return is(got, result::done); // 480
  default: return cancel(w, got);
  }
}

letter const caller_letters[] = {
    {"100", [](world& w) { return provisional(w, 100), true; }},
    {"180", [](world& w) { return provisional(w, 180), true; }},
    {"200", [](world& w) { return accept(w, "a"), true; }},
    {"200 of a fork", [](world& w) { return accept(w, "fork"), true; }},
    {"487", [](world& w) { return refuse(w, 487), true; }},
    {"200 to CANCEL or BYE", [](world& w) { return answer_request(w), true; }},
    {"BYE",
     [](world& w) {
       w.send_in_dialog("BYE", 7);
       // In an early dialog too: the 2xx before it may all have been lost (13.3.1.4).
       bool const early = w.rung && (w.at == course::proceeding || w.at == course::cancelling);
       if (w.at == course::established || early) w.at = course::over;
       return true;
     }},
    {"64*T1", [](world& w) { return wait_64_t1(w), true; }},
    {"outgoing.cancel", [](world& w) { return cancel(w, w.outgoing().cancel(w.now)); }},
    {"outgoing.hang_up", [](world& w) { return hang_up(w, w.outgoing().hang_up(w.now)); }},
    {"early.cancel", [](world& w) { return cancel(w, w.early().cancel(w.now)); }},
    {"established.hang_up", [](world& w) { return hang_up(w, w.established().hang_up(w.now)); }},
    {"incoming.answer", [](world& w) { return is(w.incoming().answer(sdp, w.now), result::gone); }},
};

letter const callee_letters[] = {
    {"CANCEL",
     [](world& w) {
       auto r = of("CANCEL");
       r.more = {};
       w.receive(r.text());
       if (w.at == course::invited) w.at = course::over;
       return true;
     }},
    {"BYE",
     [](world& w) {
       bool const has_dialog = !w.reply.empty();
       w.send_in_dialog("BYE", 2);
       if (has_dialog && (w.at == course::invited || w.at == course::accepted ||
                          w.at == course::bye_kept || w.at == course::established))
         w.at = course::over;
       return true;
     }},
    {"ACK",
     [](world& w) {
       w.send_in_dialog("ACK", 1);
       if (w.at == course::accepted) w.at = course::established;
       if (w.at == course::bye_kept) w.at = course::ending;
       return true;
     }},
    {"INVITE again",
     [](world& w) {
       w.receive(invite().text());
       return true;
     }},
    {"200 to BYE", [](world& w) { return answer_request(w), true; }},
    {"64*T1", [](world& w) { return wait_64_t1(w), true; }},
    {"ring",
     [](world& w) {
       return is(w.incoming().ring(w.now), w.at == course::invited ? result::done : result::gone);
     }},
    {"answer",
     [](world& w) {
       auto const got = w.incoming().answer(sdp, w.now);
       if (w.at != course::invited) return is(got, result::gone);
       w.at = course::accepted;
       return is(got, result::done);
     }},
    {"reject",
     [](world& w) {
       auto const got = w.incoming().reject(486, w.now);
       if (w.at != course::invited) return is(got, result::gone);
       w.at = course::over;
       return is(got, result::done);
     }},
    {"established.hang_up", [](world& w) { return hang_up(w, w.established().hang_up(w.now)); }},
    {"outgoing.cancel", [](world& w) { return is(w.outgoing().cancel(w.now), result::gone); }},
};

// ---- A session, as RFC 3261 14 has it: an INVITE in progress of either side makes another one
// wait or fail, and a 491 has it tried again.

bool in_session(world const& w) { return w.at == course::established; }
// What was told to wait goes out as soon as nothing is in progress.
void send_what_waits(world& w) {
  if (!in_session(w) || !w.waits || w.ours || w.theirs) return;
  w.waits = false;
  w.ours = true;
}
void end_session(world& w, course how) {
  w.at = how;
  w.ours = w.theirs = w.waits = w.after_glare = w.retracted = false;
}

letter const session_letters[] = {
    {"modify",
     [](world& w) {
       auto const got = w.established().modify(sdp, w.now);
       if (!in_session(w)) return is(got, result::gone);
       w.after_glare = false;
       if (w.ours || w.theirs) {
         w.waits = true;
         return is(got, result::deferred);
       }
       w.ours = true;
       return is(got, result::done);
     }},
    {"cancel_modification",
     [](world& w) {
       auto const got = w.established().cancel_modification(w.now);
       if (!in_session(w)) return is(got, result::gone);
       if (w.waits || w.after_glare) {
         w.waits = w.after_glare = false;
         return is(got, result::done);
       }
       if (!w.ours) return is(got, result::gone);
       w.retracted = true;
       return is(got, result::deferred);
     }},
    {"re-INVITE",
     [](world& w) {
       ++w.theirs_cseq;
       w.send_in_dialog("INVITE", w.theirs_cseq,
                        "v=0\r\ns=" + std::to_string(w.theirs_cseq) + "\r\n");
       // While one of either side is in progress it is answered 491 or 500.
       if (in_session(w) && !w.ours && !w.theirs) w.theirs = true;
       return true;
     }},
    {"UPDATE without an offer",
     [](world& w) {
       w.send_in_dialog("UPDATE", ++w.theirs_cseq);
       return true;
     }},
    {"accept_modification",
     [](world& w) {
       auto const got = w.established().accept_modification(sdp, w.now);
       if (!w.theirs) return is(got, result::gone);
       w.theirs = false;
       w.unconfirmed = true;
       send_what_waits(w);
       return is(got, result::done);
     }},
    {"reject_modification",
     [](world& w) {
       auto const got = w.established().reject_modification(488, w.now);
       if (!w.theirs) return is(got, result::gone);
       w.theirs = false;
       send_what_waits(w);
       return is(got, result::done);
     }},
    {"ACK",
     [](world& w) {
       w.send_in_dialog("ACK", w.theirs_cseq);
       return true;
     }},
    {"200 to the re-INVITE",
     [](world& w) {
       if (w.reinvite.empty()) return true;
       w.receive(answer(w.reinvite, 200, "", with_sdp, "v=0\r\n"));
       if (w.ours) w.ours = w.retracted = false, send_what_waits(w);
       return true;
     }},
    {"491 to the re-INVITE",
     [](world& w) {
       if (w.reinvite.empty()) return true;
       w.receive(answer(w.reinvite, 491, ""));
       if (!w.ours) return true;
       w.ours = false;
       if (w.retracted) {
         w.retracted = false;
         send_what_waits(w);
       } else {
         w.waits = false;
         w.after_glare = true;
       }
       return true;
     }},
    {"481 to the re-INVITE",
     [](world& w) {
       if (w.reinvite.empty()) return true;
       w.receive(answer(w.reinvite, 481, ""));
       if (w.ours) end_session(w, course::ending);
       return true;
     }},
    {"5 s",
     [](world& w) {
       w.advance(5000);
       if (w.after_glare) {
         w.after_glare = false;
         w.waits = true;
         send_what_waits(w);
       }
       return true;
     }},
    {"hang_up",
     [](world& w) {
       auto const got = w.established().hang_up(w.now);
       if (!in_session(w)) return is(got, result::gone);
       end_session(w, course::ending);
       return is(got, result::done);
     }},
    {"BYE",
     [](world& w) {
       w.send_in_dialog("BYE", ++w.theirs_cseq);
       if (in_session(w)) end_session(w, course::over);
       return true;
     }},
    {"200 to BYE", [](world& w) { return answer_request(w), true; }},
};

bool agrees(world const& w) {
  switch (w.agent.state(w.call)) {
  case call_state::outgoing:
  case call_state::early:
    return w.at == course::calling || w.at == course::cancel_kept || w.at == course::proceeding ||
           w.at == course::cancelling;
  case call_state::incoming: return w.at == course::invited;
  case call_state::established:
    return w.at == course::accepted || w.at == course::bye_kept || w.at == course::established;
  case call_state::ended: break;
  }
  return w.at == course::ending || w.at == course::over;
}

// All histories of that many letters from here. Returns how many; stops at the first wrong one.
template <std::size_t N>
std::size_t explore(world const& from, letter const (&letters)[N], int depth,
                    std::string const& history) {
  if (depth == 0) {
    if (from.at != course::over) return 1;
    world w = from;
    for (int i = 0; i < 1000 && !w.agent.next_timeout().is_never(); ++i) {
      w.now = w.agent.next_timeout();
      w.agent.handle_timeout(w.now);
      w.take();
    }
    if (w.agent.live_calls() || w.agent.live_transactions() || w.ends > 1)
      BOOST_ERROR(history + ": something is left");
    return 1;
  }
  std::size_t count = 0;
  for (letter const& l : letters) {
    world w = from;
    std::string const told = history + ", " + l.name;
    bool const right = l.step(w);
    w.take();
    if (!right || !agrees(w)) {
      BOOST_ERROR(told + (right ? ": the state is wrong" : ": the result is wrong"));
      return count;
    }
    count += explore(w, letters, depth - 1, told);
  }
  return count;
}

// The file that the sentences are literals in, with the literals that are split put together.
std::string literals_of_the_header() {
  std::ifstream in{std::string{CTSIP_TESTS_DIR} + "/../include/ctsip/user_agent/call_handles.hpp"};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  for (std::size_t at = 0; (at = text.find("\"\n", at)) != std::string::npos;) {
    std::size_t const next = text.find_first_not_of(" \n", at + 1);
    if (next != std::string::npos && text[next] == '"')
      text.erase(at, next + 1 - at);
    else
      ++at;
  }
  return text;
}

template <class Rule>
std::string words(typename Rule::state s, typename Rule::symbol e) {
  violation const v = explain<Rule>(s, e);
  return std::string{v.sentence} + " (" + v.clause + ")";
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_call_handles)

BOOST_AUTO_TEST_CASE(a_handle_refers_and_owns_nothing) {
  static_assert(sizeof(my::incoming) <= 2 * sizeof(void*));
  static_assert(std::is_trivially_copyable_v<my::established>);
}

BOOST_AUTO_TEST_CASE(a_handler_set_needs_a_handler_for_each_state) {
  static_assert(handles<recorder, my::outgoing> && handles<recorder, my::incoming> &&
                handles<recorder, my::early> && handles<recorder, my::established> &&
                handles<recorder, my::ended>);
  static_assert(!handles<forgetful, my::early> && handles<forgetful, my::ended>);
}

BOOST_AUTO_TEST_CASE(a_concept_that_asks_for_a_result_finds_the_legal_operations_only) {
  static_assert(!can_ack<my::outgoing> && !can_ack<my::incoming> && !can_ack<my::established>);
  static_assert(can_hang_up<my::outgoing> && can_hang_up<my::early>);
  static_assert(can_hang_up<my::established> && !can_hang_up<my::incoming>);
  static_assert(!can_hang_up<my::ended>);
  static_assert(can_answer<my::incoming> && !can_answer<my::established>);
  static_assert(can_set_contact<my::incoming> && !can_set_contact<my::ended>);
  static_assert(can_acknowledge<my::early> && can_acknowledge<my::established>);
  static_assert(!can_acknowledge<my::outgoing> && !can_acknowledge<my::incoming>);
  static_assert(!can_acknowledge<my::ended>);
  // Nobody is asked there for another offer.
  using fixed = calls<endpoint<small, without_modification>>;
  static_assert(can_acknowledge<fixed::early> && !can_acknowledge<fixed::established>);
}

BOOST_AUTO_TEST_CASE(each_sentence_is_that_of_a_row) {
  using usage = invite_usage;
  using server = invite_server;
  std::set<std::string> const rows{
      words<usage>(usage::state::inviting, usage::symbol::sent_ack),
      words<usage>(usage::state::caller_early, usage::symbol::sent_ack),
      words<usage>(usage::state::inviting, usage::symbol::sent_provisional),
      words<usage>(usage::state::inviting, usage::symbol::sent_success),
      words<usage>(usage::state::caller_early, usage::symbol::sent_failure),
      words<dialog>(dialog::state::none, dialog::symbol::sent_bye),
      words<dialog>(dialog::state::none, dialog::symbol::sent_request),
      words<usage>(usage::state::invited, usage::symbol::sent_ack),
      words<usage>(usage::state::callee_early, usage::symbol::sent_bye),
      words<cancellation>(cancellation::state::invited, cancellation::symbol::sent_cancel),
      words<usage>(usage::state::established, usage::symbol::sent_ack),
      words<usage>(usage::state::ended, usage::symbol::sent_ack),
      words<cancellation>(cancellation::state::answered, cancellation::symbol::sent_cancel),
      words<server>(server::state::accepted, server::symbol::provisional_from_tu),
      words<server>(server::state::completed, server::symbol::success_from_tu),
      words<server>(server::state::accepted, server::symbol::non_2xx_final_from_tu),
      words<server>(server::state::terminated, server::symbol::provisional_from_tu),
      words<server>(server::state::terminated, server::symbol::success_from_tu),
      words<dialog>(dialog::state::ended, dialog::symbol::sent_bye),
  };
  // Adjacent literals are one.
  std::string text = literals_of_the_header();
  for (std::size_t at = 0; (at = text.find("\"\n", at)) != std::string::npos;) {
    std::size_t const next = text.find_first_not_of(' ', at + 2);
    if (text[next] == '"')
      text.erase(at, next + 1 - at);
    else
      ++at;
  }
  std::set<std::string> said;
  std::string const before = "detail::never<Arguments...>,";
  for (std::size_t at = 0; (at = text.find(before, at)) != std::string::npos; ++at) {
    std::size_t const first = text.find('"', at) + 1;
    said.insert(text.substr(first, text.find("\");", first) - first));
  }
  BOOST_TEST(said == rows, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_event_comes_as_the_state_that_it_brings) {
  desk<small> d;
  recorder heard;
  auto const listen = [&] {
    for (user_event e; d.agent->poll_event(e);) dispatch(*d.agent, e, heard);
    std::vector<std::string> const all = std::exchange(heard.heard, {});
    return all;
  };
  using strings = std::vector<std::string>;
  auto const c =
      place(*d.agent, {"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), d.over, sdp}, d.now);
  BOOST_TEST((c.state() == call_state::outgoing));
  datagram out;
  BOOST_REQUIRE(d.agent->poll_transmit(out));
  std::string const sent{out.bytes};
  d.agent->receive(answer(sent, 100, ""), ip(1), d.over, d.now);
  BOOST_TEST(listen() == strings{"outgoing"});
  BOOST_TEST((c.state() == call_state::outgoing));
  d.agent->receive(answer(sent, 183, "a", contact), ip(1), d.over, d.now);
  BOOST_TEST(listen() == strings{"early 183"});
  BOOST_TEST((c.state() == call_state::early));
  // One hop may have overtaken another.
  d.agent->receive(answer(sent, 100, ""), ip(1), d.over, d.now);
  BOOST_TEST(listen() == strings{"early 100"});
  d.agent->receive(answer(sent, 200, "a", with_sdp, "v=0\r\n"), ip(1), d.over, d.now);
  BOOST_TEST(listen() == strings{"established"});
  BOOST_TEST(heard.established->session_message().status() == 200);
  dispatch(*d.agent, c.handle(), heard);
  BOOST_TEST(heard.heard == strings{"established"});
  heard.heard.clear();
  BOOST_TEST(name(heard.established->hang_up(d.now)) == "done");
  while (d.agent->poll_transmit(out)) {
  }
  // The BYE is the last of them.
  std::string const bye{out.bytes};
  d.agent->receive(answer(bye, 200, "a"), ip(1), d.over, d.now);
  BOOST_TEST(listen() == strings{"ended 200"});
  BOOST_TEST(name(heard.established->hang_up(d.now)) == "gone");
  dispatch(*d.agent, c.handle(), heard);
  BOOST_TEST(heard.heard == strings{"ended 0"});
  heard.heard.clear();

  d.agent->receive(invite().text(), ip(1), d.over, d.now);
  BOOST_TEST(listen() == strings{"incoming"});
  BOOST_TEST(name(heard.incoming->ring(d.now)) == "done");
  dispatch(*d.agent, heard.incoming->handle(), heard);
  BOOST_TEST(heard.heard == strings{"incoming"});
  heard.heard.clear();
  BOOST_TEST(name(heard.incoming->reject(603, d.now)) == "done");
  BOOST_TEST(name(heard.incoming->answer(sdp, d.now)) == "gone");
}

BOOST_AUTO_TEST_CASE(the_callees_bye_before_the_ack_is_deferred_rfc_3261_15) {
  world w;
  w.receive(invite().text());
  BOOST_TEST(name(w.incoming().answer(sdp, w.now)) == "done");
  w.take();
  recorder heard;
  dispatch(w.agent, w.call, heard);
  BOOST_REQUIRE(heard.established);
  BOOST_TEST(name(heard.established->hang_up(w.now)) == "deferred");
  w.take();
  BOOST_TEST(w.request.empty());
  w.send_in_dialog("ACK", 1);
  BOOST_TEST(summary(w.request) == "BYE");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_said_changes_nothing_and_the_call_goes_on) {
  world w;
  w.receive(invite().text());
  BOOST_TEST(name(w.incoming().ring(w.now, 200)) == "refused");
  BOOST_TEST(name(w.incoming().reject(200, w.now)) == "refused");
  // "2xx without the answer to the offer in the INVITE" (RFC 3261 13.3.1.4)
  BOOST_TEST(name(w.incoming().answer({}, w.now)) == "refused");
  BOOST_TEST(name(w.incoming().set_contact("bob")) == "unwritable");
  BOOST_TEST((w.agent.state(w.call) == call_state::incoming));
  BOOST_TEST(name(w.incoming().set_contact("sip:home@192.0.2.2")) == "done");
  BOOST_TEST(name(w.incoming().answer(sdp, w.now)) == "done");
}

BOOST_AUTO_TEST_CASE(an_offer_in_the_2xx_that_the_ack_leaves_unanswered_holds_nothing_up) {
  world w;
  w.call =
      w.agent.call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, {}}, w.now);
  w.take();
  respond(w, 200, "a");
  BOOST_TEST(name(w.established().hang_up(w.now)) == "done");
}

BOOST_AUTO_TEST_CASE(every_interleaving_with_a_call_of_ours) {
  world w;
  w.call =
      w.agent.call({"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, sdp}, w.now);
  w.take();
  w.at = course::calling;
  BOOST_TEST(explore(w, caller_letters, 4, "INVITE") == 13u * 13u * 13u * 13u);
}

BOOST_AUTO_TEST_CASE(every_interleaving_with_a_call_of_theirs) {
  world w;
  w.receive(invite().text());
  w.at = course::invited;
  BOOST_TEST(explore(w, callee_letters, 4, "INVITE") == 11u * 11u * 11u * 11u);
}

BOOST_AUTO_TEST_CASE(every_interleaving_with_a_session) {
  world ours;
  ours.call = ours.agent.call(
      {"sip:alice@192.0.2.1", "sip:bob@192.0.2.2", ip(1), transport::udp, sdp}, ours.now);
  ours.take();
  accept(ours, "a");
  world theirs;
  theirs.receive(invite().text());
  BOOST_TEST(name(theirs.incoming().answer(sdp, theirs.now)) == "done");
  theirs.take();
  theirs.send_in_dialog("ACK", 1);
  theirs.at = course::established;
  for (world const* const w : {&ours, &theirs})
    BOOST_TEST(explore(*w, session_letters, 4, w == &ours ? "our call" : "their call") ==
               14u * 14u * 14u * 14u);
}

BOOST_AUTO_TEST_CASE(a_handler_hears_of_a_modification_where_the_call_is) {
  world w;
  w.receive(invite().text());
  (void)w.incoming().answer(sdp, w.now);
  w.take();
  w.send_in_dialog("ACK", 1);
  struct : recorder {
    using recorder::on;
    world* of{};
    void on(my::established& c, user_event const& e) {
      heard.push_back(std::string{"established, "} + ctsip::name(e.kind));
      if (e.kind == user_event_kind::modification)
        heard.push_back(name(c.accept_modification(sdp, of->now)));
    }
  } user;
  user.of = &w;
  auto r = of("INVITE");
  r.via += "re";
  r.cseq = 2;
  r.to = value_of(w.reply, header::to);
  r.more = with_sdp;
  r.body = "v=0\r\ns=2\r\n";
  w.agent.receive(r.text(), ip(1), transport::udp, w.now);
  for (user_event e; w.agent.poll_event(e);) dispatch(w.agent, e, user);
  BOOST_TEST(user.heard == (std::vector<std::string>{"established, modification", "done"}));
}

// "a UAC MAY send a re-INVITE with no session description, in which case the first reliable
// non-failure response to the re-INVITE will contain the offer" (14.1).
BOOST_AUTO_TEST_CASE(a_handler_is_offered_what_its_call_has_asked_for) {
  world w;
  w.receive(invite().text());
  (void)w.incoming().answer(sdp, w.now);
  w.take();
  w.send_in_dialog("ACK", 1);
  w.at = course::established;
  BOOST_TEST(name(w.established().acknowledge(sdp, w.now)) == "gone");
  BOOST_TEST(name(w.established().modify({}, w.now)) == "done");
  w.take();
  BOOST_TEST(read(w.reinvite).value.body() == "");
  BOOST_TEST(name(w.established().acknowledge(sdp, w.now)) == "gone");
  struct : recorder {
    using recorder::on;
    world* of{};
    void on(my::established& c, user_event const& e) {
      heard.push_back(std::string{"established, "} + ctsip::name(e.kind));
      if (e.kind == user_event_kind::offered)
        for (message_body const& answer : {message_body{}, sdp, sdp})
          heard.push_back(name(c.acknowledge(answer, of->now)));
    }
  } user;
  user.of = &w;
  w.agent.receive(answer(w.reinvite, 200, "", with_sdp, "v=0\r\n"), ip(1), transport::udp, w.now);
  for (user_event e; w.agent.poll_event(e);) dispatch(w.agent, e, user);
  BOOST_TEST(user.heard == (std::vector<std::string>{"established, offered", "refused", "done",
                                                     "gone", "established, modified"}));
}

BOOST_AUTO_TEST_SUITE_END()
