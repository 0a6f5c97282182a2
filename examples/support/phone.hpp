// What a phone does with a call, whoever has placed it: answers offers, holds and resumes, rings
// off. It has no media, so "the other side is on hold" is all that is ever heard of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ctsip/message/multipart.hpp>
#include <ctsip/message/sdp.hpp>
#include <ctsip/user_agent/user_event.hpp>

#include "agenda.hpp"
#include "clock.hpp"
#include "options.hpp"
#include "random.hpp"
#include "session.hpp"
#include "station.hpp"

namespace example {

/// What the command line says about every phone.
struct phone_settings {
  std::int64_t talk{-1};
  std::int64_t hold{-1};
  std::int64_t session_expires{0};
  std::int64_t min_se{90};
  std::int64_t drop{0};
  std::int64_t seed{1};
  bool quiet{};
};

inline std::vector<option> phone_options(phone_settings& s) {
  return {number("--talk", s.talk, "milliseconds from the answer until we hang up"),
          number("--hold", s.hold,
                 "milliseconds from the first session, which may be an early one, until we put the "
                 "other side on hold, and as many until we resume",
                 1),
          number("--session-expires", s.session_expires,
                 "seconds within which a session has to be refreshed (RFC 4028)"),
          number("--min-se", s.min_se, "the least of that which we take, 90", 90),
          number("--drop", s.drop, "percent of the datagrams to lose, both ways", 0, 100),
          number("--seed", s.seed, "of the loss: the same one loses the same datagrams"),
          flag("--quiet", s.quiet, "no ladder")};
}

/// What an endpoint says of itself; the texts must outlive it.
inline ctsip::endpoint_settings endpoint_settings_of(phone_settings const& s,
                                                     std::string const& sent_by,
                                                     std::string const& contact) {
  ctsip::endpoint_settings own;
  own.element.seed = secret_seed();
  own.element.sent_by = sent_by;
  own.element.large_over_tcp = true;
  own.contact = contact;
  own.session_expires = static_cast<std::uint32_t>(s.session_expires);
  own.min_se = static_cast<std::uint32_t>(s.min_se);
  return own;
}

/// The network of a phone, drawn if there is a picture.
inline lossy_network network_of(phone_settings const& s, std::optional<ladder>& picture) {
  return {{static_cast<unsigned>(s.drop), static_cast<std::uint64_t>(s.seed)},
          picture ? &*picture : nullptr};
}

/// The sessions of all calls of one endpoint, and what is to be done with them when.
template <class Endpoint>
class phone {
 public:
  phone(Endpoint& agent, ctsip::address const& at, phone_settings const& wanted, std::size_t calls)
      : agent_(agent), at_(at), wanted_(wanted), lines_(calls) {}

  /// A call begins.
  void begin(ctsip::call_handle h) { lines_[h.index] = {h, false, false}; }

  /// What we offer.
  std::string offer(ctsip::call_handle h = {}) const {
    return session_offer(at_, wanted_way(h), said_last(h));
  }
  /// What we answer, or offer where nothing was offered; empty if nothing offered can be taken.
  std::string answer(ctsip::call_handle h, ctsip::message const& m) const {
    if (m.body().empty()) return offer(h);
    return session_answer(at_, ctsip::sdp_of(m), wanted_way(h), said_last(h));
  }

  /// There is a session, early or not: holds and resumes follow, once.
  void has_session(ctsip::call_handle h) {
    line& l = lines_[h.index];
    if (l.has_session || wanted_.hold < 0) return;
    l.has_session = true;
    agenda_.add({wanted_.hold}, {act::hold, h});
    agenda_.add({2 * wanted_.hold}, {act::resume, h});
  }
  /// The call is answered: it is ended when there is nothing more to say.
  void is_answered(ctsip::call_handle h) {
    has_session(h);
    if (wanted_.talk == 0)
      (void)agent_.hang_up(h, now());
    else if (wanted_.talk > 0)
      agenda_.add({wanted_.talk}, {act::hang_up, h});
  }
  /// The other side offers another session.
  void answer_modification(ctsip::user_event const& e) {
    std::string const session = answer(e.call, e.message);
    if (session.empty())
      (void)agent_.reject_modification(e.call, 488, now());
    else
      (void)agent_.accept_modification(e.call, as_content(session), now());
  }

  ctsip::instant next_appointment() const { return agenda_.next(); }
  /// Does what is due; each of these commands says so if the call has ended in the meantime.
  template <class AfterEach>
  void keep_appointments(AfterEach after_each) {
    for (task t; agenda_.take(t); after_each()) {
      if (t.what == act::hang_up) {
        (void)agent_.hang_up(t.call, now());
      } else if (lines_[t.call.index].handle == t.call) {
        lines_[t.call.index].holds = t.what == act::hold;
        (void)agent_.modify(t.call, as_content(offer(t.call)), now());
      }
    }
  }
  template <class AfterEach>
  void hang_up_all(AfterEach after_each) {
    for (line const& l : lines_) {
      (void)agent_.hang_up(l.handle, now());
      after_each();
    }
  }

 private:
  enum class act { hold, resume, hang_up };
  struct task {
    act what;
    ctsip::call_handle call;
  };
  struct line {
    ctsip::call_handle handle{};
    bool has_session{};
    bool holds{};
  };

  ctsip::sdp_direction wanted_way(ctsip::call_handle h) const {
    return h && lines_[h.index].holds ? ctsip::sdp_direction::sendonly
                                      : ctsip::sdp_direction::sendrecv;
  }
  ctsip::message_body said_last(ctsip::call_handle h) const { return agent_.local_session(h); }

  Endpoint& agent_;
  ctsip::address at_;
  phone_settings wanted_;
  std::vector<line> lines_; // by the index of their handle
  agenda<task> agenda_;
};

} // namespace example
