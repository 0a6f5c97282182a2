// What an endpoint keeps: its settings, its layer of transactions, its calls with their dialogs,
// what its user is to know next. RFC 3261 12.1, 12.2.2, 13.2.2.4. Read call_record.hpp,
// transaction_layer.hpp and user_event.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ctsip/dialog/success_retransmission.hpp>
#include <ctsip/user_agent/call_record.hpp>
#include <ctsip/user_agent/endpoint_traits.hpp>
#include <ctsip/user_agent/event_queue.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>
#include <ctsip/user_agent/user_event.hpp>

namespace ctsip::detail {

template <endpoint_size Size, class Traits>
class call_pool {
 protected:
  using credentials_type = typename Traits::credentials;
  using credentials_of_call = typename credentials_type::of_call;
  using layer_type = transaction_layer<Size.transactions, Size.message, typename Traits::policy>;
  using registrations_type = typename Traits::template registrations<layer_type>;
  using preferences_type = typename registrations_type::preferences_type;
  using call_rules = typename Traits::call_rules;
  // Which of the rules that a board may leave out it has.
  static constexpr bool knows_100rel = call_rules::template has<reliable_provisional>;
  static constexpr bool knows_timer = call_rules::template has<session_timer>;
  static constexpr bool modifies_sessions = call_rules::template has<session_modification>;
  static constexpr bool knows_preconditions = call_rules::template has<precondition>;
  static_assert(call_rules::template has<offer_answer>,
                "an endpoint places offers and answers by their rule");
  static_assert(modifies_sessions || !knows_timer,
                "a session is refreshed by what modifies one (RFC 4028 7.4)");
  static_assert(!knows_preconditions || (knows_100rel && modifies_sessions),
                "a user agent including preconditions in the SDP MUST support the PRACK and UPDATE "
                "methods (RFC 3312 11)");

  constexpr call_pool(endpoint_settings const& settings, credentials_type const& credentials,
                      preferences_type const& preferences)
      : credentials_(credentials), layer_(complete(settings)),
        registrations_(credentials_.look_up(), preferences, first_registration),
        contact_(usable(settings.contact)),
        sips_contact_(usable_sips(settings.sips_contact)), supported_{"Supported",
                                                                      element().own.supported},
        min_se_(larger(settings.min_se, session_timer::least_interval)),
        session_expires_(settings.session_expires ? larger(settings.session_expires, min_se_) : 0),
        names_100rel_(in_list(supported_.value, "100rel", true)),
        names_timer_(in_list(supported_.value, "timer", true)),
        names_precondition_(in_list(supported_.value, "precondition", true)) {
    for (std::size_t i = 0; i + 1 < Size.calls; ++i)
      calls_[i].next_free = static_cast<call_index>(i + 1);
  }

  // The owners of transactions: calls, then requests, then registrations.
  static constexpr std::uint32_t first_request = Size.calls;
  static constexpr std::uint32_t first_registration = first_request + Size.requests;
  static constexpr unsigned most_tries = 5;
  using act = user_acts::act;
  using dialog_parts_view = dialog_view<Size.message>;
  static constexpr bool answers_challenges = credentials_type::most_fields != 0;
  // Whether the user's data of a call adds header fields to its messages.
  static constexpr bool adds_fields = adds_header_fields<typename Traits::call_data>;

  using call_record = basic_call_record<Size, Traits>;
  using call_index = typename call_record::index;
  static constexpr call_index no_call = call_record::no_call;
  static constexpr std::uint32_t no_owner = UINT32_MAX;
  static constexpr std::uint32_t fork_release = no_owner - 1; // a BYE that no record waits for

  // What is allowed and supported by those rules.
  static constexpr std::string_view own_methods() {
    constexpr bool prack = knows_100rel;
    if constexpr (modifies_sessions)
      return prack ? endpoint_allow : "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE";
    else
      return prack ? "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK"
                   : "INVITE, ACK, CANCEL, BYE, OPTIONS";
  }
  static constexpr std::string_view own_extensions(std::string_view allowed) {
    constexpr bool timer = knows_timer;
    if (!knows_100rel || !in_list(allowed, "PRACK", false)) return timer ? "timer" : "";
    if (knows_preconditions && in_list(allowed, "UPDATE", false))
      return timer ? "100rel, timer, precondition" : "100rel, precondition";
    return timer ? "100rel, timer" : "100rel";
  }
  static constexpr element_settings complete(endpoint_settings const& settings) {
    element_settings s = settings.element;
    capabilities& own = s.own;
    if (own.allow == capabilities{}.allow) own.allow = own_methods();
    if (own.supported.empty()) own.supported = own_extensions(own.allow);
    if (usable_sips(settings.sips_contact).empty() && own.schemes == capabilities{}.schemes)
      own.schemes = "sip";
    return s;
  }

  static constexpr std::string_view uri_of_contact(std::string_view contact) {
    bool const is_uri = contact.find('<') == std::string_view::npos;
    return is_uri ? contact : name_addr_view{contact}.uri();
  }
  // By another contact nobody could reach us: it is as if there were none.
  static constexpr std::string_view usable(std::string_view contact) {
    return uri_view{uri_of_contact(contact)}.well_formed() ? contact : std::string_view{};
  }
  static constexpr bool is_sips(std::string_view uri) {
    return same_token(uri.substr(0, 5), "sips:");
  }
  static constexpr std::string_view usable_sips(std::string_view contact) {
    return is_sips(uri_of_contact(contact)) ? usable(contact) : std::string_view{};
  }
  // "If the Request-URI or top Route header field value contains a SIPS URI" (8.1.1.8).
  static constexpr bool is_secure(std::string_view target,
                                  std::span<std::string_view const> route_set) {
    return is_sips(target) ||
           (!route_set.empty() && is_sips(name_addr_view{route_set.front()}.uri()));
  }
  // 8.1.1.8, 12.1.1: "the Contact header field MUST contain a SIPS URI as well".
  constexpr std::string_view contact_for(bool secure) const {
    return secure ? sips_contact_ : contact_;
  }
  // What is wanted of one call, if anything; empty if that would not do there.
  constexpr std::string_view contact_for(bool secure, std::string_view wanted) const {
    if (wanted.empty()) return contact_for(secure);
    return secure ? usable_sips(wanted) : usable(wanted);
  }
  // Those that have the contact of all have the new one.
  constexpr void replace_contact(std::string_view& old, std::string_view contact) {
    for (call_record& c : calls_)
      if (c.contact.data() == old.data()) c.contact = contact;
    old = contact;
  }
  constexpr element_settings const& element() const { return layer_.settings(); }
  constexpr timer_values const& timers() const { return element().timers; }
  constexpr bool has_100rel() const { return knows_100rel && names_100rel_; }
  constexpr bool has_timer() const { return knows_timer && names_timer_; }
  constexpr bool has_preconditions() const { return knows_preconditions && names_precondition_; }
  constexpr call_index index_of(call_record const& c) const {
    return static_cast<call_index>(&c - calls_);
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
    return const_cast<call_record*>(static_cast<call_pool const*>(this)->find(h));
  }
  constexpr call_record* find(call_handle h, call_phase p) {
    call_record* const c = find(h);
    return c && c->phase == p ? c : nullptr;
  }
  static constexpr void forget_asked(call_record& c) {
    c.modification.asked = {};
    c.patience = instant::never();
  }
  // The call whose user is to answer a request.
  constexpr call_record* find_asked(call_handle h) {
    call_record* const c = find(h);
    if (!c || !c->modification.asked) return nullptr;
    if (layer_.alive(c->modification.asked)) return c;
    forget_asked(*c);
    schedule(*c);
    return nullptr;
  }
  // The record whose request this client transaction carries.
  constexpr call_record* owner_of(arrival const& a) {
    if (a.owner >= Size.calls) return nullptr;
    call_record& c = calls_[a.owner];
    if (c.phase == call_phase::free) return nullptr;
    bool owns = a.transaction == c.invite || a.transaction == c.bye;
    if constexpr (modifies_sessions)
      owns = owns || a.transaction == c.modification.reinvite ||
             a.transaction == c.modification.update;
    if constexpr (knows_100rel)
      owns = owns || a.transaction == c.pracks.sent || a.transaction == c.pracks.earlier;
    return owns ? &c : nullptr;
  }
  // The dialog that a request belongs to (12.2.2): our tag names its call, the rest must agree.
  constexpr call_record* find_dialog(dialog_id const& id) {
    auto const index = identifier_source::index_of(id.local_tag);
    if (index >= Size.calls) return nullptr;
    call_record& c = calls_[index];
    if (c.phase == call_phase::free || c.is_fork || c.local_tag.view() != id.local_tag)
      return nullptr;
    call_record* const d = find_branch(c, id.remote_tag);
    return d && d->dialog.call_id() == id.call_id ? d : nullptr;
  }
  constexpr call_record* find_dialog(message const& m) {
    return find_dialog({m.call_id(), m.to_tag(), m.from_tag()});
  }
  // The dialog of a call with this remote tag.
  constexpr call_record* find_branch(call_record& c, std::string_view tag) {
    for (call_record* d = &c; d; d = next_fork(*d))
      if (!d->dialog.empty() && same_token(d->dialog.remote_tag(), tag)) return d;
    return nullptr;
  }
  // The call whose dialog it is: that of the user's handle.
  constexpr call_record& call_of(call_record& c) { return c.is_fork ? calls_[c.parent] : c; }
  constexpr call_record const& call_of(call_record const& c) const {
    return c.is_fork ? calls_[c.parent] : c;
  }
  constexpr call_record* next_fork(call_record const& c) {
    return c.family == no_call ? nullptr : &calls_[c.family];
  }

  // Whether it is the 2xx to the first INVITE whose offer the user has not answered: before it no
  // other INVITE can be sent.
  static constexpr bool awaits_first_answer(call_record const& c) {
    if constexpr (modifies_sessions)
      return c.ack_asks && !c.modification.reinvite;
    else
      return c.ack_asks;
  }
  constexpr call_state state_of(call_record const& c) const {
    switch (c.phase) {
    case call_phase::calling:
      return c.rules.rules().template is<ctsip::dialog>(ctsip::dialog::state::early)
                 ? call_state::early
                 : call_state::outgoing;
    case call_phase::incoming: return call_state::incoming;
    case call_phase::accepted: return call_state::established;
    case call_phase::established:
      return awaits_first_answer(c) ? call_state::early : call_state::established;
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
        if (gives_way(c) && c.is_fork == (what == 1)) {
          release(c);
          break;
        }
    if (first_free_ == no_call) return nullptr;
    call_record& c = take_record();
    c.local_tag = layer_.identifiers().tag(index_of(c));
    ++live_calls_;
    return &c;
  }
  // Whether `take_call` finds one.
  constexpr bool has_place() const {
    for (call_record const& c : calls_)
      if (c.phase == call_phase::free || gives_way(c)) return true;
    return false;
  }
  // Whether a record makes room for a call: that of one which only waits for late 2xx, or a fork.
  // One whose BYE waits for a transaction keeps its place, or the other side would never have it.
  static constexpr bool gives_way(call_record const& c) {
    return c.is_fork ? !c.wishes.has(act::bye) : c.phase == call_phase::lingering;
  }
  constexpr call_record& take_record() {
    call_record& c = calls_[first_free_];
    first_free_ = c.next_free;
    c.begin();
    if constexpr (answers_challenges) c.credentials.begin(credentials_);
    return c;
  }
  // Another dialog of a call of ours, without its rules; none if no place is free.
  constexpr call_record* take_fork(call_record& c) {
    if (first_free_ == no_call) return nullptr;
    call_record& d = take_record();
    d.is_fork = d.end_told = true;
    d.phase = call_phase::calling;
    d.parent = index_of(c);
    d.family = c.family;
    c.family = index_of(d);
    d.over = c.over;
    d.contact = c.contact;
    d.peer = c.peer;
    d.local_tag = c.local_tag;
    d.invite = c.invite;
    d.invite_cseq = c.invite_cseq;
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
    if constexpr (modifies_sessions) {
      auto& m = c.modification;
      if (layer_.alive(m.asked)) layer_.abandon(m.asked);
      if (m.reinvite_open && layer_.alive(m.reinvite)) layer_.abandon(m.reinvite);
    }
    c.phase = call_phase::free;
    c.is_fork = false;
    ++c.generation;
    c.next_free = first_free_;
    first_free_ = index_of(c);
    call_deadlines_.set(index_of(c), instant::never());
  }
  // An early dialog of ours that is given up may ring or be answered all the same: what it is sent
  // then has a higher number than all before (12.2.1.1).
  constexpr void note_requests(call_record& c) {
    if constexpr (call_record::asks_early) {
      if (!owns_call_id(c) || is_confirmed(c)) return;
      auto const last = c.rules.rules().template facts<ctsip::dialog>().local_cseq;
      if (last == c.invite_cseq) return;
      call_of(c).has_given_up = true;
      requests_given_up_ = larger(requests_given_up_, last - c.invite_cseq);
    }
  }
  // A fork whose BYE waits outlives its call, and 2xx that come again are its own from then on.
  constexpr void release_family(call_record& c) {
    while (call_record* const d = next_fork(c)) {
      if (d->wishes.has(act::bye)) {
        c.family = d->family;
        d->family = no_call;
        d->parent = index_of(*d);
        pass_on(d->invite, *d);
      } else {
        release(*d);
      }
    }
  }
  // Two dialogs of one call change places: the user's call is the one that was answered.
  constexpr void exchange_dialogs(call_record& c, call_record& d) {
    auto const exchange = [](auto& a, auto& b) {
      auto const kept = a;
      a = b;
      b = kept;
    };
    exchange(c.rules, d.rules);
    c.dialog.exchange(d.dialog);
    c.target.exchange(d.target);
    exchange(c.pracks, d.pracks);
    if constexpr (modifies_sessions) {
      exchange(c.modification.update, d.modification.update);
      exchange(c.modification.theirs, d.modification.theirs);
    }
    for (call_record const* const r : {&c, &d}) {
      if constexpr (knows_100rel) pass_on(r->pracks.sent, *r), pass_on(r->pracks.earlier, *r);
      if constexpr (modifies_sessions) pass_on(r->modification.update, *r);
    }
  }
  constexpr void pass_on(transaction_handle h, call_record const& owner) {
    if (layer_.alive(h)) layer_.set_owner(h, index_of(owner));
  }
  constexpr void schedule(call_record const& c) {
    if (c.phase != call_phase::free) call_deadlines_.set(index_of(c), c.next_timeout());
  }

  constexpr void tell(user_event_facts const& e, message const& m) {
    if (!events_.put(e, m)) ++counts_.untold;
  }
  // Nothing comes after the last event.
  constexpr void tell(user_event_kind kind, call_record const& c, status_code status = 0,
                      message const& m = no_message) {
    if (!c.end_told) tell({kind, handle_of(c), status, state_of(c), {}}, m);
  }
  // Whether the user would hear of one more event.
  constexpr bool can_tell() const { return !events_.is_full(); }

  static constexpr bool is_session(call_record const& c) {
    return c.phase == call_phase::calling || c.phase == call_phase::incoming ||
           c.phase == call_phase::accepted || c.phase == call_phase::established;
  }
  static constexpr bool owns_call_id(call_record const& c) {
    return c.rules.rules().template facts<ctsip::dialog>().initial_way == direction::sent;
  }
  static constexpr bool is_confirmed(call_record const& c) {
    return c.rules.rules().template facts<ctsip::dialog>().is_confirmed;
  }
  static constexpr std::uint32_t larger(std::uint32_t a, std::uint32_t b) { return a < b ? b : a; }

  [[no_unique_address]] credentials_type credentials_;
  layer_type layer_;
  [[no_unique_address]] registrations_type registrations_;
  [[no_unique_address]] typename Traits::trace trace_{};
  std::string_view contact_;
  std::string_view sips_contact_;
  extra_field supported_;
  std::uint32_t min_se_;
  std::uint32_t session_expires_;
  bool names_100rel_; // `supported_` does
  bool names_timer_;
  bool names_precondition_;
  deadline_queue<Size.calls> call_deadlines_{};
  event_queue<user_event, 4> events_{}; // one call into the endpoint causes at most two
  endpoint_counts counts_{};
  std::size_t live_calls_{};
  std::uint32_t requests_given_up_{}; // at most so many after the INVITE, in a dialog given up
  call_index first_free_{0};
  call_record calls_[Size.calls]{};
  transaction_key released_forks_[8]{}; // those released last
  std::size_t next_released_{};
  std::uint32_t live_releases_{}; // transactions of the BYEs that release forks
};

} // namespace ctsip::detail
