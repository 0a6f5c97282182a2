// What an endpoint keeps of a call: its rules, its transactions, the message that its dialog comes
// from, bodies that wait to be sent. RFC 3261 12.1.
// Read message/writer.hpp, dialog/call.hpp, dialog/wants.hpp and user_event.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <ctsip/dialog/call.hpp>
#include <ctsip/dialog/short_number.hpp>
#include <ctsip/dialog/success_retransmission.hpp>
#include <ctsip/dialog/wants.hpp>
#include <ctsip/machine/deadline_queue.hpp>
#include <ctsip/machine/timed_composition.hpp>
#include <ctsip/machine/timed_machine.hpp>
#include <ctsip/message/reader.hpp>
#include <ctsip/message/uri.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/user_agent/user_event.hpp>

namespace ctsip {

/// What a user can want of a call that an RFC may tell to wait.
struct user_acts {
  enum class act : std::uint8_t {
    cancel,  ///< of our INVITE: waits for a provisional response (RFC 3261 9.1)
    ring,    ///< a reliable 1xx: waits for the PRACK of the one before (RFC 3262 3)
    answer,  ///< 2xx: waits for a PRACK (RFC 3262 3, 5)
    modify,  ///< re-INVITE or UPDATE: waits while another INVITE is in progress (RFC 3261 14.1)
    refresh, ///< the same without a change (RFC 4028 10)
    retract, ///< CANCEL of a re-INVITE: waits for a provisional response (RFC 3261 9.1)
    bye      ///< waits for the ACK to the 2xx, theirs or ours (RFC 3261 13.2.2.4, 15)
  };
  static constexpr std::size_t act_count = 7;

  /// RFC 3261 15, as in `call_acts`.
  static constexpr replacement<act> instead[] = {{act::cancel, act::bye}};
};

namespace detail {

// A body of a message, kept.
template <std::size_t Size>
class kept_body {
 public:
  // Whether it fits; if not, what was kept stays. It may be a part of that.
  constexpr bool keep(message_body const& b) {
    if (b.type.size() + b.body.size() > Size) return false;
    std::char_traits<char>::move(text_, b.type.data(), b.type.size());
    std::char_traits<char>::move(text_ + b.type.size(), b.body.data(), b.body.size());
    type_size_ = static_cast<std::uint16_t>(b.type.size());
    body_size_ = static_cast<std::uint16_t>(b.body.size());
    return true;
  }
  constexpr void clear() { type_size_ = body_size_ = 0; }
  constexpr bool empty() const { return body_size_ == 0; }
  constexpr message_body view() const {
    return {{text_, type_size_}, {text_ + type_size_, body_size_}};
  }

 private:
  std::uint16_t type_size_{};
  std::uint16_t body_size_{};
  char text_[Size]{};
};

// A text of a message, kept.
template <std::size_t Size>
class kept_text {
 public:
  constexpr bool keep(std::string_view text) {
    if (text.size() > Size) return false;
    text.copy(text_, text.size());
    size_ = static_cast<std::uint16_t>(text.size());
    return true;
  }
  constexpr void clear() { size_ = 0; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr std::string_view view() const { return {text_, size_}; }
  // Character by character, since the stack has no room for a third text.
  constexpr void exchange(kept_text& other) {
    std::size_t const longer = size_ < other.size_ ? other.size_ : size_;
    for (std::size_t i = 0; i < longer; ++i) {
      char const c = text_[i];
      text_[i] = other.text_[i];
      other.text_[i] = c;
    }
    std::uint16_t const size = size_;
    size_ = other.size_;
    other.size_ = size;
  }

 private:
  std::uint16_t size_{};
  char text_[Size]{};
};

// The URI of the first address of a From, To, Contact or route, hardly judged: that has been done
// when the message came. Without "<" it ends at a separator, and what has no scheme is none.
constexpr std::string_view uri_of(std::string_view value) {
  char const* p = value.data();
  char const* const end = p + value.size();
  char const* const first = p;
  if (p != end && *p == '"' && !(p = skip_quoted(p, end))) return {};
  bool has_scheme = false;
  for (; p != end && *p != '<' && *p != ';' && *p != ','; ++p) has_scheme |= *p == ':';
  if (p != end && *p == '<') {
    char const* const last = find_char(p, end, '>');
    return last == end ? std::string_view{} : view(p + 1, last);
  }
  auto const uri = trim(view(first, p));
  return has_scheme && uri.find(' ') == std::string_view::npos ? uri : std::string_view{};
}

// What a dialog takes from the message that it comes from (RFC 3261 12.1.1, 12.1.2), as views of
// it.
struct dialog_source {
  std::string_view local; // a URI
  std::string_view remote;
  std::string_view remote_tag;
  std::string_view call_id;
  std::string_view target; // the first Contact's URI
  std::string_view routes; // from the first row of Record-Route to the end of the last
  bool is_caller{};

  constexpr dialog_source() = default;
  constexpr explicit dialog_source(message const& m)
      : local(uri_of(m[m.is_response() ? header::from : header::to])),
        remote(uri_of(m[m.is_response() ? header::to : header::from])),
        remote_tag(m.is_response() ? m.to_tag() : m.from_tag()), call_id(m.call_id()),
        target(uri_of(m[header::contact])), is_caller(m.is_response()) {
    for (field const& row : m.fields(header::record_route)) {
      if (routes.empty()) routes = row.name;
      routes = view(routes.data(), row.value.data() + row.value.size());
    }
  }
};

// The message that a dialog comes from, kept, and where in it stands what the dialog takes from it.
template <std::size_t Size>
class kept_dialog {
 public:
  constexpr bool keep(message const& m) {
    if (!text_.keep(m.bytes())) return false;
    dialog_source const s{m};
    at_.local = place(m, s.local);
    at_.remote = place(m, s.remote);
    at_.remote_tag = place(m, s.remote_tag);
    at_.call_id = place(m, s.call_id);
    at_.target = place(m, s.target);
    at_.routes = place(m, s.routes);
    at_.is_caller = s.is_caller;
    return true;
  }
  constexpr void clear() { text_.clear(); }
  constexpr bool empty() const { return text_.empty(); }
  constexpr message source() const { return read(text_.view()).value; }
  constexpr std::string_view remote_tag() const { return text_at(at_.remote_tag); }
  constexpr std::string_view call_id() const { return text_at(at_.call_id); }
  // Whether that message allows UPDATE. Read when it is asked for, which only modifications do.
  constexpr bool allows_update() const {
    message const m = source();
    for (std::string_view const method : m.elements(header::allow))
      if (method == "UPDATE") return true;
    return false;
  }
  constexpr dialog_source parts() const {
    dialog_source s;
    s.local = text_at(at_.local);
    s.remote = text_at(at_.remote);
    s.remote_tag = text_at(at_.remote_tag);
    s.call_id = text_at(at_.call_id);
    s.target = text_at(at_.target);
    s.routes = text_at(at_.routes);
    s.is_caller = at_.is_caller;
    return s;
  }
  constexpr void exchange(kept_dialog& other) {
    text_.exchange(other.text_);
    places const kept = at_;
    at_ = other.at_;
    other.at_ = kept;
  }

 private:
  struct range {
    std::uint16_t first{};
    std::uint16_t size{};
  };
  struct places {
    range local, remote, remote_tag, call_id, target, routes;
    bool is_caller{};
  };
  static constexpr range place(message const& m, std::string_view part) {
    if (part.empty()) return {};
    return {static_cast<std::uint16_t>(part.data() - m.bytes().data()),
            static_cast<std::uint16_t>(part.size())};
  }
  constexpr std::string_view text_at(range r) const {
    return text_.empty() ? std::string_view{} : text_.view().substr(r.first, r.size);
  }

  kept_text<Size> text_{};
  places at_{};
};

constexpr message_body body_of(message const& m) { return {m[header::content_type], m.body()}; }

// Header fields on their way into a message, their numbers with them.
class field_list {
 public:
  constexpr field_list() = default;
  // Those of another list.
  constexpr explicit field_list(std::span<extra_field const> fields) {
    for (extra_field const& f : fields) fields_[count_++] = f;
  }
  field_list(field_list const&) = delete;
  field_list& operator=(field_list const&) = delete;

  constexpr void add(std::string_view name, std::string_view value) {
    if (!value.empty() && count_ < std::size(fields_)) fields_[count_++] = {name, value};
  }
  constexpr void add(std::string_view name, std::uint32_t number, std::string_view after = {}) {
    decimal const text{number};
    std::size_t const size = text.size + after.size();
    if (used_ + size > std::size(text_)) return;
    char* const at = text_ + used_;
    std::string_view{text.digits, text.size}.copy(at, text.size);
    after.copy(at + text.size, after.size());
    used_ += size;
    add(name, std::string_view{at, size});
  }
  // The user's own. Whether they fit.
  constexpr bool add(std::span<extra_field const> fields) {
    if (fields.size() > most_extra || fields.size() > std::size(fields_) - count_) return false;
    for (extra_field const& f : fields) fields_[count_++] = f;
    return true;
  }
  constexpr std::span<extra_field const> all() const { return {fields_, count_}; }

 private:
  static constexpr std::size_t most_extra = 8;

  extra_field fields_[8 + most_extra]{};
  std::size_t count_{};
  char text_[80]{};
  std::size_t used_{};
};

// Timed rules at a moment, as `wants` asks them.
template <class Rules>
struct rules_at {
  timed_composition<Rules>& timed;
  instant now;
  timer_values const& values;

  constexpr auto judge(call_message const& m) const { return timed.rules().judge(m); }
  template <class Policy>
  constexpr auto process(call_message const& m, Policy const& policy) {
    return timed.process(m, now, values, policy);
  }
};

// Where a request goes, and over what.
struct hop {
  address to{};
  transport over{};
};

// A dialog's parts as the writer takes them. The remote target is that of the message that it comes
// from, unless a later one has replaced it.
template <std::size_t MessageSize>
struct dialog_view {
  // More routes fit no request: the shortest row of one, "Route: <sip:a>", has 16 characters with
  // its line end.
  std::string_view routes[MessageSize / 16];
  std::size_t route_count{};
  dialog_parts parts{};

  constexpr dialog_view(dialog_source const& source, std::string_view local_tag,
                        std::string_view target = {}) {
    bool fits = true;
    if (!source.routes.empty())
      for (std::string_view const r :
           element_range{field_range{source.routes, header::record_route, false, false}, true}) {
        fits = route_count < std::size(routes);
        if (!fits) break;
        routes[route_count++] = r;
      }
    // 12.1.2, of the caller: "taken in reverse order and preserving all URI parameters".
    for (std::size_t i = 0; source.is_caller && i < route_count / 2; ++i) {
      auto const kept = routes[i];
      routes[i] = routes[route_count - 1 - i];
      routes[route_count - 1 - i] = kept;
    }
    parts.local = {source.local, local_tag, {}};
    parts.remote = {source.remote, source.remote_tag, {}};
    parts.call_id = source.call_id;
    parts.remote_target = target.empty() ? source.target : target;
    // An RFC 2543 peer may give no Contact.
    if (parts.remote_target.empty()) parts.remote_target = source.remote;
    // "not allowed" in a Request-URI (19.1.1 Table 1), nor in the Contact of a dialog.
    if (parts.remote_target.find('?') != std::string_view::npos)
      parts.remote_target.remove_suffix(uri_view{parts.remote_target}.headers().text().size());
    // Without a target nothing is written.
    if (!fits) parts.remote_target = {};
    parts.route_set = {routes, route_count};
  }
  dialog_view(dialog_view const&) = delete;
  dialog_view& operator=(dialog_view const&) = delete;

  // Where a request in the dialog goes: the first route or the remote target, if it says so in
  // numbers, else where the peer's messages come from. A URI without transport means the one that
  // the dialog has: who is reached over it at all may know no other.
  constexpr hop next_hop(hop const& peer) const {
    uri_view const uri{route_count ? uri_of(routes[0]) : parts.remote_target};
    // "If the URI specifies a transport protocol in the transport parameter, that transport
    // protocol SHOULD be used." (RFC 3263 4.1)
    auto const said = parse_transport(uri.param("transport"));
    transport over = said ? said.value : peer.over;
    if (uri.scheme() == uri_scheme::sips) over = secured(over);
    auto const parsed =
        parse_address(uri.target(), uri.has_port() ? uri.port() : default_port(over));
    return parsed ? hop{parsed.value, over} : peer;
  }
};

enum class call_phase : std::uint8_t {
  free,
  calling,     // our INVITE awaits its final response
  incoming,    // their INVITE awaits ours
  accepted,    // our 2xx awaits its ACK
  established, // a session
  ending,      // our BYE awaits its response
  lingering // over; 2xx that come late are still acknowledged, and a BYE that crosses ours is taken
};

// The PRACKs of a dialog of ours: those that have no final response, and those that are due
// (RFC 3262 4).
struct prack_record {
  transaction_handle sent{};    // the last one
  transaction_handle earlier{}; // the one before, if it is open too
  std::uint32_t rseq[2]{}, cseq[2]{};
  std::uint8_t due{};
  bool asks{};    // the first that is due awaits the user's answer
  bool repeats{}; // it has our session description, once more or still
};

// How the session of a call is modified or refreshed (RFC 3261 14, RFC 3311, RFC 4028).
struct modification_record {
  using act = user_acts::act;

  transaction_handle reinvite{}, update{}; // ours
  transaction_handle asked{};              // theirs, which the user is to answer
  std::uint32_t asked_cseq{};
  method asked_method{};
  transaction_key theirs{}; // of their description that the session has
  act reinvite_act{}, update_act{}, retry_act{};
  bool reinvite_open{};            // our re-INVITE has no final response
  bool retracted{};                // its user does not want it any more
  bool answered{};                 // a reliable 1xx has the answer to its offer, or an offer
  instant retry{instant::never()}; // after a 491 or a 500 with Retry-After
  instant sent{};                  // when our re-INVITE or UPDATE was sent
};

// In the place of what only a rule needs that is left out.
template <class Part>
struct left_out {};

// What begins anew with each call.
template <endpoint_size Size, class Traits>
struct basic_call_progress {
  using rules_type = timed_composition<typename Traits::call_rules>;
  using index = small_index<Size.calls>;
  template <class Rule, class Part>
  using part_of = std::conditional_t<Traits::call_rules::template has<Rule>, Part, left_out<Part>>;

  static constexpr index no_call = static_cast<index>(-1);
  // Whether a dialog of ours can have requests before its 2xx.
  static constexpr bool asks_early = Traits::call_rules::template has<reliable_provisional> ||
                                     Traits::call_rules::template has<session_modification> ||
                                     Size.requests != 0;

  rules_type rules{};
  timed_machine<success_retransmission> success{};
  instant retry{instant::never()};    // of what no transaction was free for
  instant patience{instant::never()}; // with the user who is to answer, or with what comes late
  [[no_unique_address]] part_of<session_modification, modification_record> modification{};
  [[no_unique_address]] part_of<reliable_provisional, prack_record> pracks{};
  transaction_handle invite{};   // the first
  transaction_handle accepted{}; // the one that our 2xx answers
  transaction_handle bye{};
  std::span<address const> other_hops{}; // that are still to be tried
  std::string_view contact{};            // a SIPS URI if that is what the other side called
  std::uint32_t invite_cseq{};
  std::uint32_t accepted_cseq{}; // of the INVITE that our 2xx answers
  std::uint32_t acked_cseq{};    // of the INVITE that `ack_branch` acknowledges
  std::uint32_t first_rseq{};
  address peer{};
  index parent{no_call};       // of a fork
  index family{no_call};       // the next dialog of the same INVITE
  status_code wanted_status{}; // of the reliable 1xx that waits
  status_code told_status{};   // of the 1xx sent last
  wants<user_acts> wishes{};
  call_phase phase{call_phase::free};
  transport over{};
  std::uint8_t tries{}; // to modify, or to send a challenged INVITE
  bool end_told{};      // the user has had the last event
  bool is_fork{};       // another dialog of the INVITE of `parent`
  bool cancelled{};     // our CANCEL is sent
  bool ack_asks{};      // their 2xx has an offer: our ACK awaits the user's answer
  bool may_sign{};      // our INVITE may have credentials
  // The CSeq number of our last INVITE whose ACK has such an answer.
  short_number<std::uint8_t> ack_answers{};
  // A dialog of our INVITE that had requests before its 2xx was given up.
  [[no_unique_address]] std::conditional_t<asks_early, bool, left_out<bool>> has_given_up{};
  identifier local_tag{};
  identifier ack_branch{};
};

// A call and its dialog. A call of ours that forks has one more for each other dialog, which is
// no call of its own: the family.
template <endpoint_size Size, class Traits>
struct basic_call_record : basic_call_progress<Size, Traits> {
  using progress = basic_call_progress<Size, Traits>;
  using typename progress::index;

  index next_free{progress::no_call};
  std::uint32_t generation{};
  kept_dialog<Size.message> dialog{};   // the INVITE received, or our INVITE's response
  kept_text<Size.message / 4> target{}; // the remote target, if it was replaced
  kept_body<Size.message> session{};    // the body that has ours, as the other side has it
  kept_body<Size.message> wanted{};     // one that waits to be sent
  [[no_unique_address]] typename Traits::credentials::of_call credentials{}; // of the whole family
  [[no_unique_address]] typename Traits::call_data data{};

  constexpr void begin() {
    static_cast<progress&>(*this) = progress{};
    dialog.clear();
    target.clear();
    session.clear();
    wanted.clear();
    data = {};
  }
  constexpr instant next_timeout() const {
    instant first = this->rules.next_timeout();
    if constexpr (Traits::call_rules::template has<session_modification>)
      if (this->modification.retry < first) first = this->modification.retry;
    for (instant const next : {this->success.next_timeout(), this->retry, this->patience})
      if (next < first) first = next;
    return first;
  }
};

} // namespace detail

} // namespace ctsip
