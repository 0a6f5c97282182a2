// What an endpoint would say in a call, as the rules of the call see it. The rules are asked with
// it before it is written, and stepped with it once it is sent. Read dialog/call.hpp,
// message/call_message.hpp and call_pool.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/dialog/call.hpp>
#include <ctsip/message/call_message.hpp>
#include <ctsip/user_agent/call_pool.hpp>

namespace ctsip::detail {

template <endpoint_size Size, class Traits>
class call_wording : public call_pool<Size, Traits> {
  using base = call_pool<Size, Traits>;

 protected:
  using base::base;
  using base::has_100rel;
  using base::has_preconditions;
  using base::has_timer;
  using base::is_confirmed;
  using base::knows_100rel;
  using base::larger;
  using base::layer_;
  using base::min_se_;
  using base::modifies_sessions;
  using base::session_expires_;
  using base::timers;
  using typename base::act;
  using typename base::call_record;
  using typename base::call_rules;

  // Where there are no preconditions (RFC 3312) no session description is read for them.
  constexpr call_message seen_message(message const& m, direction way) const {
    return has_preconditions() ? call_message_of(m, way) : unconditional_call_message_of(m, way);
  }
  // To one that does not know 100rel no response is reliable.
  constexpr call_message received_message(message const& m) const {
    call_message c = seen_message(m, direction::received);
    if (!knows_100rel)
      c.event.marks = static_cast<mark>(static_cast<unsigned>(c.event.marks) &
                                        ~static_cast<unsigned>(mark::reliable));
    return c;
  }
  constexpr content content_of(message_body const& c) const {
    std::string_view const sdp = sdp_of(c.type, c.body);
    if (sdp.empty()) return content::none;
    return has_preconditions() ? judge_preconditions(sdp) : content::sdp;
  }
  // Our session description, without what else was in the body that had it.
  static constexpr message_body session_of(call_record const& c) {
    message_body const whole = c.session.view();
    std::string_view const sdp = sdp_of(whole.type, whole.body);
    return sdp.size() == whole.body.size() ? whole : message_body{"application/sdp", sdp};
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
  // A PRACK whose offer the user has not answered yet may still be rejected, and has acknowledged
  // nothing then (reliable_provisional.hpp, choice 5).
  static constexpr bool awaits_prack(call_record const& c) {
    if constexpr (modifies_sessions)
      if (c.modification.asked && c.modification.asked_method == method::prack) return true;
    return has_unacknowledged(c);
  }
  // Whether a reliable 1xx of ours has had no PRACK.
  static constexpr bool has_unacknowledged(call_record const& c) {
    return c.rules.rules().template facts<reliable_provisional>().sent.unacknowledged != 0;
  }

  // The caller may not have our 2xx to his first INVITE yet, and knows no dialog then in which we
  // could ask for another session.
  static constexpr bool awaits_first_ack(call_record const& c) {
    return c.phase == call_phase::accepted;
  }

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
    if (!has_timer() || (m != method::invite && m != method::update)) return said;
    // What the rules have kept of the request.
    auto const& asked =
        c.rules.rules().template facts<session_timer>().theirs[m == method::update ? 1 : 0];
    said.supports_timer = asked.supports_timer != 0;
    std::uint32_t const wished = larger(session_expires_, asked.min_se);
    std::uint32_t interval = asked.session_expires;
    if (session_expires_ != 0 && (interval > wished || (interval == 0 && said.supports_timer)))
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
    call_rules const& rules = c.rules.rules();
    bool const first = rules.template is<ctsip::dialog>(ctsip::dialog::state::none);
    call_message said = request_of(m, next_cseq(c), first ? mark::none : mark::to_tag, body);
    said.supports_100rel = m == method::invite && has_100rel();
    if (!has_timer()) return said;
    said.supports_timer = true;
    auto const& known = rules.template facts<session_timer>();
    said.min_se = first ? known.for_call.min_se : known.for_dialog.min_se;
    if (first && session_expires_ != 0) {
      if (said.min_se != 0 || min_se_ > session_timer::least_interval)
        said.min_se = larger(said.min_se, min_se_);
      said.session_expires = larger(session_expires_, said.min_se);
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
  constexpr call_message modification_message(call_record const& c, content body) const {
    // RFC 3311 5.1: "Although UPDATE can be used on confirmed dialogs, it is RECOMMENDED that a
    // re-INVITE be used instead."
    if (c.dialog.allows_update() && !is_confirmed(c)) {
      call_message const update = refresh_message(c, method::update, body);
      if (!c.rules.rules().judge(update).refused()) return update;
    }
    return refresh_message(c, method::invite, body);
  }
  // 7.4: "If a UAC knows that its peer supports the UPDATE method, it is RECOMMENDED that UPDATE be
  // used instead of a re-INVITE."
  constexpr call_message session_refresh_message(call_record const& c) const {
    return c.dialog.allows_update() || c.session.empty()
               ? refresh_message(c, method::update, content::none)
               : refresh_message(c, method::invite, content_of(session_of(c)));
  }
  // Whether a modification waits, be it for the other side or to be tried again.
  static constexpr bool waits_to_modify(call_record const& c) {
    if constexpr (modifies_sessions)
      return c.wishes.has(act::modify) || retries_modify(c);
    else
      return false;
  }
  static constexpr bool retries_modify(call_record const& c) {
    return !c.modification.retry.is_never() && c.modification.retry_act == act::modify;
  }
  // The body of the response to their INVITE that waits. None while a modification does: before our
  // 2xx that can only be where the session is agreed (RFC 3311 5.1), and the place is taken.
  static constexpr message_body wanted_of(call_record const& c) {
    return waits_to_modify(c) ? message_body{} : c.wanted.view();
  }
  constexpr call_message message_of(call_record const& c, act a) const {
    switch (a) {
    case act::cancel: return request_of(method::cancel, c.invite_cseq, mark::none);
    case act::ring: return provisional_message(c, c.wanted_status, wanted_of(c), true);
    case act::answer: return answer_message(c, wanted_of(c));
    case act::modify:
      if constexpr (modifies_sessions) return modification_message(c, content_of(c.wanted.view()));
      break;
    case act::refresh:
      if constexpr (modifies_sessions) return session_refresh_message(c);
      break;
    case act::retract:
      if constexpr (modifies_sessions)
        return request_of(method::cancel, layer_.request(c.modification.reinvite).cseq().number,
                          mark::none);
      break;
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
};

} // namespace ctsip::detail
