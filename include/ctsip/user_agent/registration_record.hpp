// One registration: what is wanted of it, and all that is kept between two messages. Read
// registrant_event.hpp, digest_client.hpp and registration/registration.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ctsip/machine/timed_composition.hpp>
#include <ctsip/message/registration_message.hpp>
#include <ctsip/message/uri.hpp>
#include <ctsip/registration/registration.hpp>
#include <ctsip/user_agent/digest_client.hpp>
#include <ctsip/user_agent/identifiers.hpp>
#include <ctsip/user_agent/registrant_event.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip::detail {

// What is kept of the answers of a registrar. What stays longest comes first.
enum class answer_text : std::uint8_t {
  redirection, // the Request-URI that a 3xx has led to
  security_server,
  service_route, // from here on: of the last 2xx
  path,
  associated_uris,
  public_gruu,
  temporary_gruu,
  count
};

// These texts, one behind the other in that order.
template <std::size_t Size>
class answer_texts {
 public:
  constexpr std::string_view operator[](answer_text which) const {
    return {text_ + first_of(which), sizes_[index(which)]};
  }
  constexpr void clear(answer_text which) {
    std::size_t const size = sizes_[index(which)];
    for (std::size_t i = first_of(which) + size; i < size_; ++i) text_[i - size] = text_[i];
    size_ -= static_cast<short_size>(size);
    sizes_[index(which)] = 0;
  }
  // A list put together of the rows of a header field; empty where it does not fit.
  constexpr void keep(answer_text which, message const& m, header h) {
    clear(which);
    for (std::string_view const each : m.elements(h)) {
      if (each.empty()) continue;
      bool const is_first = sizes_[index(which)] == 0;
      if ((!is_first && !append(which, ", ")) || !append(which, each)) return;
    }
  }
  // False where it does not fit.
  constexpr bool keep(answer_text which, std::string_view text) {
    clear(which);
    return append(which, text);
  }

 private:
  static_assert(Size > 0 && Size <= UINT16_MAX);
  using short_size = std::uint16_t;

  static constexpr std::size_t index(answer_text which) { return static_cast<std::size_t>(which); }
  constexpr std::size_t first_of(answer_text which) const {
    std::size_t first = 0;
    for (std::size_t i = 0; i != index(which); ++i) first += sizes_[i];
    return first;
  }
  // Behind what there is of that text, of which nothing is left where it does not fit.
  constexpr bool append(answer_text which, std::string_view more) {
    for (std::size_t at = 0; at < more.size();) {
      std::string_view const piece = next_unfolded(more, at);
      if (piece.size() > Size - size_) {
        clear(which);
        return false;
      }
      std::size_t const end = first_of(which) + sizes_[index(which)];
      for (std::size_t i = size_; i-- > end;) text_[i + piece.size()] = text_[i];
      piece.copy(text_ + end, piece.size());
      size_ += static_cast<short_size>(piece.size());
      sizes_[index(which)] += static_cast<short_size>(piece.size());
    }
    return true;
  }

  short_size sizes_[index(answer_text::count)]{};
  short_size size_{}; // of all
  char text_[Size]{};
};

template <hash_suite Hashes, registrant_size Size>
struct basic_registration_record {
  outgoing_registration wanted{}; // its interval is more than was wanted after a 423
  digest_client<Hashes, Size.digest> digest{};
  transaction_handle transaction{};
  std::uint32_t generation{};
  timed_composition<registration_rules> rules{};
  instant until{instant::never()};
  instant retry{instant::never()};  // of what no transaction was free for
  instant ping{instant::never()};   // the next one, or when a flow that was lost is formed anew
  instant pong{instant::never()};   // the end of the wait for one
  instant formed{instant::never()}; // when the flow brought its first 2xx
  short_token call_id{};
  short_token tag{};
  std::uint32_t flow_timer{};
  std::uint32_t hop{};
  std::uint32_t hops_failed{};
  std::uint8_t redirections{};    // since the last 2xx
  std::uint8_t flows_failed{};    // in a row, without any pong
  registration_purpose goal{};    // what the user wants: add, remove, remove_all
  registration_purpose purpose{}; // of the REGISTER sent last
  bool alive : 1 {};
  bool pending : 1 {}; // a REGISTER without a final response
  bool outbound : 1 {};
  bool had_pong : 1 {};  // over this flow
  bool flow_lost : 1 {}; // and none is formed yet
  bool wants_removal : 1 {};
  bool wants_change : 1 {}; // an `add` or a refresh that is deferred
  bool wants_fetch : 1 {};
  bool needs_login : 1 {};         // a challenge waits for `authorize`
  bool credentials_refused : 1 {}; // those that it had were not good
  bool answers_challenge : 1 {};   // the next REGISTER must have credentials
  bool again : 1 {};               // the REGISTER sent last is to be sent once more
  answer_texts<Size.text> texts{};
  mutable aka_challenge sim{}; // what `challenge` tells is read into it

  constexpr bool is_bound() const {
    return rules.rules().template is<known_binding>(known_binding::state::registered);
  }
  constexpr registration_attempt::state attempt() const {
    return rules.rules().template state<registration_attempt>();
  }
  // Whether nothing is wanted any more.
  constexpr bool is_settled() const { return goal != registration_purpose::add && !wants_removal; }
  // Whether nothing is left to be removed; a REGISTER may be pending that would make it.
  constexpr bool is_given_up() const {
    return wants_removal && goal == registration_purpose::remove && !is_bound();
  }
  // What the REGISTER sent last is for when it is sent once more: by now something else may be
  // wanted of the binding.
  constexpr registration_purpose purpose_again() const {
    return purpose == registration_purpose::fetch && !wants_removal ? purpose : goal;
  }
  // The CSeq number of the REGISTER sent last.
  constexpr std::uint32_t cseq() const {
    return rules.rules().template facts<registration_attempt>().cseq;
  }
  // Where a REGISTER goes: whereto a redirection has led, or the next hop.
  constexpr address peer() const {
    std::string_view const target = texts[answer_text::redirection];
    if (!target.empty()) return numeric_address(uri_view{target}).value;
    return wanted.next_hops.empty() ? address{} : wanted.next_hops[hop];
  }
  constexpr auto numeric_address(uri_view const& uri) const {
    return parse_address(uri.target(), uri.has_port() ? uri.port() : default_port(wanted.over));
  }
  // Whether there are pings for its flow.
  constexpr bool is_kept_alive() const { return outbound && is_reliable(wanted.over); }
  // Whether it is registered, or registers, over that flow.
  constexpr bool uses_flow(address const& far_end, transport over) const {
    return alive && !flow_lost && (is_bound() || pending) && wanted.over == over &&
           peer() == far_end;
  }
  // The wait before a flow is formed anew goes on.
  constexpr void stop_pings() {
    if (!flow_lost) ping = instant::never();
    pong = instant::never();
    had_pong = false;
  }
  constexpr instant next_timeout() const {
    instant first = rules.next_timeout();
    for (instant const other : {retry, ping, pong})
      if (other < first) first = other;
    return first;
  }
  constexpr own_registration own() const {
    own_registration o;
    o.contacts = wanted.contacts;
    o.instance = wanted.instance;
    o.reg_id = wanted.reg_id;
    o.security_server = texts[answer_text::security_server];
    return o;
  }
};

} // namespace ctsip::detail
