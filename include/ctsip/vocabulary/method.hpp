// The SIP methods: RFC 3261 and the RFCs that add to it, as IANA registers them, and what is true
// of each. RFC 3261 7.1, 12, 25.1; the clause of each trait stands beside it. Nothing to read
// before it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ctsip {

/// A request method (IANA "SIP Methods", 14 of them). `extension` stands for any other token
/// (RFC 3261 7.1, 25.1 extension-method), whose name stays with the message.
enum class method : std::uint8_t {
  invite,
  ack,
  bye,
  cancel,
  register_,
  options,
  prack,
  subscribe,
  notify,
  publish,
  info,
  refer,
  message,
  update,
  extension
};

/// How many registered methods there are; `method::extension` comes after them.
inline constexpr std::size_t method_count = 14;

/// The dialog usage that a request inside a dialog belongs to (RFC 5057 5.3).
enum class usage : std::uint8_t {
  none,         ///< it has no effect on the dialog's usages (OPTIONS, MESSAGE, unknown methods)
  invite,       ///< the session
  subscription, ///< one subscription, told apart by its Event header field
  registration  ///< the (pseudo-)dialog of a registration
};

/// How a method starts a dialog.
enum class dialog_creation : std::uint8_t {
  none,
  by_response, ///< by a 101-199 with a To tag or a 2xx to it (RFC 3261 12.1)
  by_notify,   ///< by the NOTIFY that follows it (RFC 6665 4.4.1)
  by_itself    ///< it is that NOTIFY
};

/// What is true of a method. All of `method_traits` is a plain value; the clause of each fact is
/// the comment on it.
struct method_traits {
  char const* name{};      ///< as on the wire, in upper case
  char const* reference{}; ///< the RFC that defines the method
  char const* purpose{};   ///< what it is for, to follow "to": "set up or modify a session"

  /// RFC 3261 12.1 (INVITE), RFC 6665 4.4.1 (SUBSCRIBE, NOTIFY), RFC 3515 2.1 and RFC 6665 (REFER).
  dialog_creation creates_dialog{};
  /// The usage that it belongs to inside a dialog (RFC 5057 5.3).
  ctsip::usage usage{};
  /// Its Contact replaces the remote target: INVITE, UPDATE, SUBSCRIBE, NOTIFY, REFER
  /// (RFC 3261 6, RFC 3311 5.1, RFC 6665 3.1 and 3.2, RFC 5057 5.4).
  bool target_refresh{};
  /// "A CANCEL request SHOULD NOT be sent to cancel a request other than INVITE" (RFC 3261 9.1).
  bool may_be_cancelled{};
  /// Answered by a final response: all but ACK (RFC 3261 13, 17).
  bool has_response{};
  /// May be sent without a dialog.
  bool outside_dialog{};
  /// May be sent inside a dialog.
  bool inside_dialog{};
  /// The request may carry an offer, or the answer to one (RFC 6337 2.2, Table 1).
  bool may_offer{};
  bool may_answer{};
  /// Its responses may carry an offer, or the answer to one (RFC 6337 2.2, Table 1).
  bool response_may_offer{};
  bool response_may_answer{};
  /// Takes a CSeq number of its own: all but ACK and CANCEL (RFC 3261 12.2.1.1).
  bool takes_cseq{};
  /// May be answered with 401 or 407: "Servers MUST NOT attempt to challenge an ACK … servers MUST
  /// NOT attempt to challenge CANCEL requests" (RFC 3261 22.1).
  bool may_be_challenged{};
  /// A Contact header field is mandatory in the request: "in any request that can result in the
  /// establishment of a dialog" (RFC 3261 8.1.1.8, RFC 3515 2.2) and in UPDATE (RFC 3311 7).
  bool requires_contact{};
};

namespace detail {

/// In the order of `method`.
inline constexpr method_traits method_table[method_count + 1] = {
    {.name = "INVITE",
     .reference = "RFC 3261",
     .purpose = "set up a session, or inside a dialog to modify it",
     .creates_dialog = dialog_creation::by_response, // 12.1
     .usage = usage::invite,
     .target_refresh = true,   // 12.2, 14
     .may_be_cancelled = true, // 9.1
     .has_response = true,
     .outside_dialog = true,
     .inside_dialog = true,       // 14: re-INVITE
     .may_offer = true,           // 13.2.1
     .response_may_offer = true,  // 13.2.1, when the INVITE has none
     .response_may_answer = true, // 13.2.1, RFC 3262 5
     .takes_cseq = true,
     .may_be_challenged = true,
     .requires_contact = true}, // 8.1.1.8
    {.name = "ACK",
     .reference = "RFC 3261",
     .purpose = "acknowledge the final response to an INVITE",
     .usage = usage::invite,
     // 17.1.1.3: that to a non-2xx final response belongs to the INVITE's transaction, also where
     // no dialog came to be.
     .outside_dialog = true,
     .inside_dialog = true, // 13.2.2.4
     .may_answer = true},   // 13.2.1: when the 2xx has the offer
    {.name = "BYE",
     .reference = "RFC 3261",
     .purpose = "end a session",
     .usage = usage::invite,
     .has_response = true,
     .inside_dialog = true, // 15: "A UA MUST NOT send a BYE outside of a dialog"
     .takes_cseq = true,
     .may_be_challenged = true},
    {.name = "CANCEL",
     .reference = "RFC 3261",
     .purpose = "ask that an INVITE not yet finally answered be given up",
     .usage = usage::invite,
     .has_response = true,
     // 9.1: it copies To and From of the request that it cancels, with a tag or without.
     .outside_dialog = true,
     .inside_dialog = true},
    {.name = "REGISTER",
     .reference = "RFC 3261",
     .purpose = "bind contacts to an address-of-record, refresh, list or remove the bindings",
     .usage = usage::registration,
     .has_response = true,
     .outside_dialog = true, // 10.2
     .takes_cseq = true,
     .may_be_challenged = true},
    {.name = "OPTIONS",
     .reference = "RFC 3261",
     .purpose = "ask for the capabilities of a UA or a proxy",
     .has_response = true,
     .outside_dialog = true, // 11
     .inside_dialog = true,  // 11.2
     .takes_cseq = true,
     .may_be_challenged = true},
    {.name = "PRACK",
     .reference = "RFC 3262",
     .purpose = "acknowledge a reliable provisional response",
     .usage = usage::invite,
     .has_response = true,
     .inside_dialog = true,       // RFC 3262 4
     .may_offer = true,           // RFC 3262 5
     .may_answer = true,          // RFC 3262 5
     .response_may_answer = true, // RFC 3262 5
     .takes_cseq = true,
     .may_be_challenged = true},
    {.name = "SUBSCRIBE",
     .reference = "RFC 6665",
     .purpose = "ask for the state of a resource and to be told when it changes",
     .creates_dialog = dialog_creation::by_notify, // RFC 6665 4.4.1
     .usage = usage::subscription,
     .target_refresh = true, // RFC 6665 3.1
     .has_response = true,
     .outside_dialog = true,
     .inside_dialog = true,
     .takes_cseq = true,
     .may_be_challenged = true,
     .requires_contact = true}, // 8.1.1.8
    {.name = "NOTIFY",
     .reference = "RFC 6665",
     .purpose = "tell a subscriber the state of the resource",
     .creates_dialog = dialog_creation::by_itself, // RFC 6665 4.4.1
     .usage = usage::subscription,
     .target_refresh = true, // RFC 6665 3.2
     .has_response = true,
     .inside_dialog = true,
     .takes_cseq = true,
     .may_be_challenged = true,
     .requires_contact = true}, // 8.1.1.8
    {.name = "PUBLISH",
     .reference = "RFC 3903",
     .purpose = "publish, refresh, modify or remove event state",
     .has_response = true,
     .outside_dialog = true,
     .inside_dialog = true, // RFC 3903 4: "not prohibited", without effect on the dialog
     .takes_cseq = true,
     .may_be_challenged = true},
    {.name = "INFO",
     .reference = "RFC 6086",
     .purpose = "carry application information along a session's signalling path",
     .usage = usage::invite,
     .has_response = true,
     .inside_dialog = true, // RFC 6086 4.2.1: "MUST NOT … outside an invite dialog usage"
     .takes_cseq = true,
     .may_be_challenged = true},
    {.name = "REFER",
     .reference = "RFC 3515",
     .purpose = "ask the recipient to contact the resource of the Refer-To",
     .creates_dialog = dialog_creation::by_notify, // RFC 3515 2.1, RFC 6665 4.4.1
     .usage = usage::subscription,                 // RFC 5057 5.3
     .target_refresh = true,                       // RFC 5057 5.4
     .has_response = true,
     .outside_dialog = true, // RFC 3515 2.1
     .inside_dialog = true,
     .takes_cseq = true,
     .may_be_challenged = true,
     .requires_contact = true}, // RFC 3515 2.2
    {.name = "MESSAGE",
     .reference = "RFC 3428",
     .purpose = "carry an instant message",
     .has_response = true,
     .outside_dialog = true,
     .inside_dialog = true, // RFC 3428 4
     .takes_cseq = true,
     .may_be_challenged = true},
    {.name = "UPDATE",
     .reference = "RFC 3311",
     .purpose = "modify a session, also before the INVITE has its final response",
     .usage = usage::invite,
     .target_refresh = true, // RFC 3311 5.1
     .has_response = true,
     .inside_dialog = true,       // RFC 3311 1: "within a dialog (early or confirmed)"
     .may_offer = true,           // RFC 3311 5.1
     .response_may_answer = true, // RFC 3311 5.2
     .takes_cseq = true,
     .may_be_challenged = true,
     .requires_contact = true}, // RFC 3311 7
    // A method that this library does not know: a request with a response, and no more is assumed
    // (RFC 3261 8.2.1, RFC 5057 5.3).
    {.name = "",
     .reference = "",
     .purpose = "do what the extension that defines it says",
     .has_response = true,
     .outside_dialog = true,
     .inside_dialog = true,
     .takes_cseq = true,
     .may_be_challenged = true}};

} // namespace detail

/// What is true of the method. A value outside the enumeration has the traits of `extension`.
constexpr method_traits const& traits(method m) noexcept {
  auto const i = static_cast<std::size_t>(m);
  return detail::method_table[i < method_count ? i : method_count];
}

/// The method as on the wire: `"INVITE"`. `""` for `extension`: the message has its name.
constexpr char const* name(method m) noexcept { return traits(m).name; }

constexpr bool is_target_refresh(method m) noexcept { return traits(m).target_refresh; }
constexpr bool has_response(method m) noexcept { return traits(m).has_response; }
constexpr bool may_be_cancelled(method m) noexcept { return traits(m).may_be_cancelled; }

/// What `parse_method` found; `value` means something only if `valid`.
struct parsed_method {
  bool valid{};                    ///< the text is a token (RFC 3261 25.1)
  method value{method::extension}; ///< a registered method, or `extension`

  constexpr explicit operator bool() const noexcept { return valid; }
  friend constexpr bool operator==(parsed_method, parsed_method) = default;
};

namespace detail {

/// RFC 3261 25.1: token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~")
constexpr bool is_token_character(char c) noexcept {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  switch (c) {
  case '-':
  case '.':
  case '!':
  case '%':
  case '*':
  case '_':
  case '+':
  case '`':
  case '\'':
  case '~': return true;
  default: return false;
  }
}

constexpr bool is_token(char const* first, std::size_t size) noexcept {
  for (std::size_t i = 0; i != size; ++i)
    if (!is_token_character(first[i])) return false;
  return size != 0;
}

constexpr bool equals(char const* first, std::size_t size, char const* word) noexcept {
  for (std::size_t i = 0; i != size; ++i)
    if (word[i] == '\0' || word[i] != first[i]) return false;
  return word[size] == '\0';
}

/// The registered method with that name, or `extension`.
constexpr method find_method(char const* first, std::size_t size) noexcept {
  std::size_t i = 0;
  while (i != method_count && !equals(first, size, method_table[i].name)) ++i;
  return static_cast<method>(i);
}

} // namespace detail

/// The method that the text names: "INVITE in caps" (RFC 3261 25.1), so `invite` is an extension
/// method, not INVITE. Any other token is `extension`; what is not a token is not
/// valid.
constexpr parsed_method parse_method(char const* first, std::size_t size) noexcept {
  method const found = detail::find_method(first, size);
  return {found != method::extension || detail::is_token(first, size), found};
}

/// The same for any text with `data()` and `size()`.
template <class Text>
requires requires(Text const& text) { parse_method(text.data(), text.size()); }
constexpr parsed_method parse_method(Text const& text) noexcept {
  return parse_method(text.data(), text.size());
}

} // namespace ctsip
