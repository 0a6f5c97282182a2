// What an endpoint keeps of a call: its rules, its transactions, the message that its dialog comes
// from, bodies that wait to be sent. RFC 3261 12.1.
// Read message/writer.hpp, dialog/call.hpp, dialog/wants.hpp and user_event.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/dialog/call.hpp>
#include <ctsip/dialog/success_retransmission.hpp>
#include <ctsip/dialog/wants.hpp>
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
    bye      ///< waits for the ACK to the 2xx, theirs or ours (RFC 3261 13.2.2.4, 15)
  };
  static constexpr std::size_t act_count = 6;

  /// RFC 3261 15, as in `call_acts`.
  static constexpr replacement<act> instead[] = {{act::cancel, act::bye}};
};

namespace detail {

// A body of a message, kept.
template <std::size_t Size>
class kept_body {
 public:
  // Whether it fits; if not, what was kept stays.
  constexpr bool keep(message_body const& b) {
    if (b.type.size() + b.body.size() > Size) return false;
    b.type.copy(text_, b.type.size());
    b.body.copy(text_ + b.type.size(), b.body.size());
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

 private:
  std::uint16_t size_{};
  char text_[Size]{};
};

// The message that a dialog comes from, kept, and where in it stands what names the dialog.
template <std::size_t Size>
class kept_dialog {
 public:
  constexpr bool keep(message const& m) {
    if (!text_.keep(m.bytes())) return false;
    remote_tag_ = place(m, m.is_response() ? m.to_tag() : m.from_tag());
    call_id_ = place(m, m.call_id());
    return true;
  }
  constexpr void clear() { text_.clear(); }
  constexpr bool empty() const { return text_.empty(); }
  constexpr message source() const { return read(text_.view()).value; }
  constexpr std::string_view remote_tag() const { return at(remote_tag_); }
  constexpr std::string_view call_id() const { return at(call_id_); }

 private:
  struct range {
    std::uint16_t first{};
    std::uint16_t size{};
  };
  static constexpr range place(message const& m, std::string_view part) {
    if (part.empty()) return {};
    return {static_cast<std::uint16_t>(part.data() - m.bytes().data()),
            static_cast<std::uint16_t>(part.size())};
  }
  constexpr std::string_view at(range r) const { return text_.view().substr(r.first, r.size); }

  kept_text<Size> text_{};
  range remote_tag_{};
  range call_id_{};
};

constexpr message_body body_of(message const& m) { return {m[header::content_type], m.body()}; }

// Header fields on their way into a message, their numbers with them.
class field_list {
 public:
  constexpr field_list() = default;
  field_list(field_list const&) = delete;
  field_list& operator=(field_list const&) = delete;

  constexpr void add(std::string_view name, std::string_view value) {
    if (!value.empty() && count_ < std::size(fields_)) fields_[count_++] = {name, value};
  }
  constexpr void add(std::string_view name, std::uint32_t number, std::string_view after = {}) {
    char digits[10]{};
    std::size_t n = 0;
    do digits[n++] = static_cast<char>('0' + number % 10);
    while (number /= 10);
    if (used_ + n + after.size() > std::size(text_)) return;
    char* const at = text_ + used_;
    for (std::size_t i = 0; i < n; ++i) at[i] = digits[n - 1 - i];
    after.copy(at + n, after.size());
    used_ += n + after.size();
    add(name, std::string_view{at, n + after.size()});
  }
  // The user's own. Whether they fit.
  constexpr bool add(std::span<extra_field const> fields) {
    if (fields.size() > most_extra) return false;
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

// A dialog's parts as views of the message that it comes from (RFC 3261 12.1.1, 12.1.2). The remote
// target is that message's, unless a later one has replaced it.
template <std::size_t MessageSize>
struct dialog_view {
  std::string_view routes[MessageSize / 8]; // the shortest route, "<sip:a>,", has 8 characters
  std::size_t route_count{};
  dialog_parts parts{};

  constexpr dialog_view(message const& source, std::string_view local_tag,
                        std::string_view target = {}) {
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
    parts.remote_target = target.empty() ? source.contact().uri() : target;
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
    // RFC 3263 4: "the value of the maddr parameter of the URI, if present, otherwise, the host
    // value of the hostport component".
    std::string_view const maddr = uri.param("maddr");
    auto const parsed =
        parse_address(maddr.empty() ? at.host : maddr, at.has_port ? at.port : default_port(over));
    return parsed ? parsed.value : peer;
  }
};

enum class call_phase : std::uint8_t {
  free,
  calling,     // our INVITE awaits its final response
  incoming,    // their INVITE awaits ours
  accepted,    // our 2xx awaits its ACK
  established, // a session
  ending,      // our BYE awaits its response
  lingering    // over; 2xx that come late are still acknowledged
};

// A call and its dialog. A call of ours that forks has one more for each other dialog, which is
// no call of its own: the family.
template <std::size_t MessageSize, class Traits>
struct basic_call_record {
  using act = user_acts::act;
  using rules_type = timed_composition<uac_call>;

  call_phase phase{call_phase::free};
  bool end_told{};      // the user has had the last event
  bool is_fork{};       // another dialog of the INVITE of `parent`
  bool cancelled{};     // our CANCEL is sent
  bool secure{};        // its Request-URI or first route is a SIPS URI, so is our Contact
  bool reinvite_open{}; // our re-INVITE has no final response
  bool prack_asks{};    // the first PRACK that is due awaits the user's answer
  bool ack_asks{};      // their 2xx has an offer: our ACK awaits the user's answer
  bool ack_answers{};   // our ACK has that answer
  bool prack_repeats{}; // it has our session description again
  bool reliable_sdp{};  // the reliable 1xx sent last has a session description
  std::uint8_t pracks_due{};
  std::uint8_t tries{}; // to modify
  act reinvite_act{}, update_act{}, retry_act{};
  transport over{};
  status_code wanted_status{};   // of the reliable 1xx that waits
  status_code told_status{};     // of the 1xx sent last
  status_code reliable_status{}; // of the reliable 1xx sent last
  std::uint32_t generation{};
  std::uint32_t next_free{UINT32_MAX};
  std::uint32_t parent{UINT32_MAX},
      family{UINT32_MAX}; // of a fork; the next one of the same INVITE
  std::uint32_t invite_cseq{};
  std::uint32_t accepted_cseq{}; // of the INVITE that our 2xx answers
  std::uint32_t asked_cseq{};
  method asked_method{};
  std::uint32_t acked_cseq{}; // of the INVITE that `ack_branch` acknowledges
  std::uint32_t prack_rseq[2]{}, prack_cseq[2]{};
  std::uint32_t first_rseq{};
  wants<user_acts> wishes{};
  rules_type rules{};
  rules_type trunk{}; // as far as an INVITE of ours has come without a dialog (dialog/forking.hpp)
  timed_machine<success_retransmission> success{};
  transaction_handle invite{}, accepted{}; // the first; and the one that our 2xx answers
  transaction_handle reinvite{}, update{}, prack{}, bye{}; // ours
  transaction_handle earlier_prack{};                      // the one before, if it is open too
  transaction_handle asked{};                              // theirs, which the user is to answer
  std::span<address const> other_hops{};                   // that are still to be tried
  instant retry{instant::never()};                         // of what no transaction was free for
  instant modify_at{instant::never()};                     // after a 491 or a 500 with Retry-After
  instant modified{};                                      // when our re-INVITE or UPDATE was sent
  instant patience{instant::never()};                      // with the user who is to answer `asked`
  address peer{};
  identifier local_tag{};
  identifier ack_branch{};
  kept_dialog<MessageSize> dialog{};   // the INVITE received, or our INVITE's response
  kept_text<MessageSize / 4> target{}; // the remote target, if it was replaced
  kept_body<MessageSize> session{};    // ours, as the other side has it
  kept_body<MessageSize> wanted{};     // ours, waiting to be sent
  [[no_unique_address]] typename Traits::credentials::of_call credentials{}; // of the whole family
  [[no_unique_address]] typename Traits::call_data data{};

  constexpr instant next_timeout() const {
    instant first = rules.next_timeout();
    for (instant const next : {success.next_timeout(), retry, modify_at, patience})
      if (next < first) first = next;
    return first;
  }
};

} // namespace detail

} // namespace ctsip
