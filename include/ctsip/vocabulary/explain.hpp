// Methods, response codes and timers explained in sentences: explain(code), explain(method),
// explain(timer). One generator writes them from the traits; only a response's meaning and the
// remedy for it are texts, each a paraphrase of the clause that defines the code. Read method.hpp,
// status.hpp and timer.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/vocabulary/method.hpp>
#include <ctsip/vocabulary/procedure.hpp>
#include <ctsip/vocabulary/status.hpp>
#include <ctsip/vocabulary/timer.hpp>

namespace ctsip {

/// A short text by value, usable in constant evaluation.
class explanation {
 public:
  static constexpr std::size_t capacity = 1023;

  constexpr char const* data() const noexcept { return text_; }
  constexpr std::size_t size() const noexcept { return size_; }
  /// The text with a closing zero.
  constexpr char const* c_str() const noexcept { return text_; }
  /// Whether something did not fit and is missing at the end. Never so for what `explain` returns.
  constexpr bool truncated() const noexcept { return truncated_; }

  constexpr explanation& operator<<(char const* more) noexcept {
    for (; *more != '\0'; ++more) append(*more);
    return *this;
  }
  constexpr explanation& operator<<(std::int64_t number) noexcept {
    if (number < 0) append('-');
    std::uint64_t rest =
        number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    char digits[20]{};
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    while (count != 0) append(digits[--count]);
    return *this;
  }

 private:
  constexpr void append(char c) noexcept {
    if (size_ == capacity)
      truncated_ = true;
    else
      text_[size_++] = c;
  }

  char text_[capacity + 1]{};
  std::size_t size_{};
  bool truncated_{};
};

namespace detail {

struct status_text {
  char const* meaning; // a sentence about what happened
  char const* remedy;  // follows "Another attempt", or ""
};

/// In the order of status_table. Paraphrases of the clauses named there; the remedies also of
/// RFC 3261 8.1.3.4, 8.1.3.5, 10.2.8, 14.1, 20.33 and of the clauses they name.
inline constexpr status_text status_texts[status_count] = {
    // 100
    {"The next hop has received the request and is acting on it; the response stops the "
     "retransmissions of an INVITE and is never forwarded upstream by a stateful proxy.",
     ""},
    {"The called UA is alerting its user; the caller may start local ringback.", ""},
    {"The call is being forwarded to a different set of destinations.", ""},
    {"The called party is temporarily unavailable and the server has queued the call rather than "
     "reject it.",
     ""},
    {"It conveys progress of the call that is not otherwise classified, often with a session "
     "description for early media.",
     ""},
    {"An early dialog of a forked INVITE has ended; resources held for it can be released while "
     "the INVITE goes on.",
     ""},
    // 200
    {"The request has succeeded; what comes with the response depends on the method.", ""},
    {"A deprecated success: it is treated as a 200 (OK) and not sent in response to SUBSCRIBE or "
     "NOTIFY.",
     ""},
    {"The SUBSCRIBE inside its dialog has succeeded, and the notification that goes with it will "
     "not be sent.",
     ""},
    // 300
    {"The address in the request has several choices, each with its own location; the user or the "
     "UA selects one.",
     "goes to an address of its Contact"},
    {"The user is no longer found at the address of the Request-URI.",
     "goes to the address of its Contact, which also replaces the old one for future requests"},
    {"The user is reachable elsewhere for now.",
     "goes to the address of its Contact, which is valid for as long as the response says and "
     "otherwise once"},
    {"The resource must be accessed through a proxy.",
     "is this single request, repeated via the proxy that its Contact names"},
    {"The call was not successful, but alternative services, which the body describes, are "
     "possible.",
     "needs one of these services to be chosen"},
    // 400
    {"The request could not be understood because its syntax is malformed.",
     "needs the error to be corrected, which the reason phrase should identify"},
    {"The request requires user authentication by a UAS or a registrar.",
     "carries an Authorization header field with credentials for the challenge in its "
     "WWW-Authenticate, and a CSeq number one higher; credentials that have just been rejected are "
     "not tried again, unless only the nonce was stale (RFC 3261 22.1, 22.2)"},
    {"The code is reserved for future use and is treated as an unrecognised 4xx.",
     "may or may not be possible, depending on the method and the use case (RFC 3261 8.1.3.5)"},
    {"The server understood the request but refuses to fulfil it; authorization will not help.",
     "should not be made"},
    {"The server has definitive information that the user does not exist at the domain of the "
     "Request-URI, or does not handle that domain.",
     "makes sense only after the time in its Retry-After, if it has one"},
    {"The method is understood but not allowed for the address of the Request-URI.",
     "is possible only with a method of its Allow header field"},
    {"The resource can only generate bodies that the Accept header field of the request does not "
     "allow.",
     "accepts further content types in its Accept header field"},
    {"The client must first authenticate itself with a proxy.",
     "carries a Proxy-Authorization header field with credentials for the challenge in its "
     "Proxy-Authenticate, and a CSeq number one higher (RFC 3261 22.3)"},
    {"The server could not produce a response in time, or the client's own transaction timed out.",
     "is possible without modification at any later time"},
    {"The resource is no longer available and no forwarding address is known; this is expected to "
     "be permanent.",
     "will be refused in the same way"},
    {"The precondition given for the request, the entity-tag of a PUBLISH, has failed.",
     "is an initial PUBLISH without SIP-If-Match; the entity-tag is discarded (RFC 3903 5)"},
    {"The body of the request is larger than the server is willing or able to process.",
     "omits the body or uses a smaller one; if there is a Retry-After the condition is temporary"},
    {"The Request-URI is longer than the server is willing to interpret.",
     "needs a shorter Request-URI"},
    {"The body of the request is in a format that the server does not support for the method.",
     "uses only types, encodings and languages of its Accept, Accept-Encoding and "
     "Accept-Language"},
    {"The scheme of the Request-URI is unknown to the server.", "uses a SIP URI"},
    {"The server does not know a namespace or priority value of the Resource-Priority header "
     "field, which the request required it to know.",
     "uses a value of its Accept-Resource-Priority"},
    {"The server does not understand an extension that the Require or Proxy-Require header field "
     "demands.",
     "omits the extensions listed in its Unsupported"},
    {"The UAS needs an extension that the request does not list in Supported.",
     "lists the extensions of its Require in the Supported header field, if the UA has them"},
    {"The Session-Expires of the request is below the minimum of a server.",
     "has a session interval of at least its Min-SE, and a CSeq number one higher (RFC 4028 7.3, "
     "7.4)"},
    {"The expiration time of the resource that the request refreshes is too short.",
     "makes every expiration interval at least that of its Min-Expires (RFC 3261 10.2.8)"},
    {"The location in the request is malformed, not satisfactory for the recipient's purpose, or "
     "could not be dereferenced.",
     "corrects the location as its Geolocation-Error says"},
    {"The alert message is so malformed that no reasonable emergency response can be determined.",
     "corrects the alert as its AlertMsg-Error says"},
    {"Local policy requires an Identity header field, and the request has none that can be used.",
     "carries an Identity header field in a format that the verifier supports"},
    {"The refer target, or the referee, requires a valid Referred-By token.",
     "of the REFER contains a Referred-By token (RFC 3892 2.1)"},
    {"An edge proxy tells the authoritative proxy that a flow to a UA instance has failed; an "
     "endpoint should never receive it, and treats it as a 400 (Bad Request).",
     "over another flow is the authoritative proxy's to make"},
    {"The server refuses the request because the requestor is anonymous.",
     "is made without anonymity, but only if the user has confirmed that this is desired (RFC 5079 "
     "4)"},
    {"The verifier could not acquire the credentials for any Identity header field of the request.",
     "gives an info parameter that the verifier can dereference"},
    {"The verifier does not support the credential of the Identity header field, for example "
     "because it does not trust who issued it.",
     "is signed with a credential that the verifier supports"},
    {"No Identity header field of the request has a valid and supported PASSporT.",
     "carries the PASSporT in its full form, once (RFC 8224 6.1.1)"},
    {"The registrar supports outbound, but the first outbound proxy does not.",
     "registers without outbound or through another outbound proxy (RFC 5626 4.2.1)"},
    {"A proxy could not fork the request in parallel as desired within its Max-Breadth, so not all "
     "destinations were reached.",
     "needs a narrower search (RFC 5393 5.1)"},
    {"The Info Package of the INFO is not one that the UA is willing to receive.",
     "uses a package of its Recv-Info"},
    {"A URI list of the request has at least one URI for which the relay has no permission.",
     "waits until the URIs of its Permission-Missing have been added to the relay's list and "
     "consent has been given"},
    {"The callee's end system was reached, but the callee is currently unavailable.",
     "is best made after its Retry-After, if it has one, or elsewhere"},
    {"The request matches no dialog or transaction of the UAS.",
     "is a new request outside the lost dialog or transaction"},
    {"The server has detected a loop, or has received the same request over several paths.",
     "would loop again"},
    {"The request arrived with a Max-Forwards of zero.", "uses a greater Max-Forwards"},
    {"The Request-URI was incomplete, as in overlapped dialling.",
     "sends more digits, until there is no longer a 484"},
    {"The Request-URI was ambiguous.",
     "uses an address that the user has chosen, from its Contact if it lists any"},
    {"The callee's end system was reached, but the callee is not willing or able to take further "
     "calls there.",
     "is best made after its Retry-After, if it has one, or elsewhere"},
    {"The request was terminated by a BYE or CANCEL; it is never the response to the CANCEL "
     "itself.",
     "is not wanted: the request was given up"},
    {"Some aspect of the session description is not acceptable to this resource, though the "
     "request "
     "may succeed elsewhere.",
     "changes the session description as its Warning or its body suggests"},
    {"The server does not understand the event package of the Event header field.",
     "uses a package of its Allow-Events"},
    {"The UAS had a request pending in the same dialog: both sides have sent one at once (glare).",
     "waits 2.1 to 4 s if this UA owns the Call-ID and 0 to 2 s otherwise, in units of 10 ms "
     "(RFC 3261 14.1)"},
    {"The request has an encrypted body for which the recipient does not have, or will not use, "
     "the key.",
     "encrypts with the public key in the response's body"},
    {"The server requires that a security mechanism be agreed upon first.",
     "uses a mechanism of its Security-Server and returns that list in Security-Verify"},
    // 500
    {"The server met an unexpected condition that kept it from fulfilling the request.",
     "is possible after its Retry-After, or else after several seconds"},
    {"The server does not support what the request needs, such as its method, for any user.",
     "will be refused in the same way"},
    {"A gateway or proxy received an invalid response from the server downstream.",
     "on the same path will fail in the same way"},
    {"The server is overloaded or under maintenance, or the transport failed.",
     "goes to an alternate server; this one gets no requests for the duration of its Retry-After, "
     "and without one the response is treated as a 500 (Server Internal Error)"},
    {"An external server, which the server accessed, did not answer in time.", "may succeed later"},
    {"The server does not support, or refuses to support, the SIP version of the request.",
     "would need another version of SIP"},
    {"The message is longer than the server can process.", "is shorter"},
    {"The server does not support the push notification service of the pn-provider parameter.",
     "of the REGISTER names another push notification service, or none"},
    {"The answerer cannot or will not meet the preconditions of the offer.",
     "changes the preconditions that the response's session description names"},
    // 600
    {"The callee was reached, is busy and does not wish to take the call, and no other end system "
     "will answer it.",
     "makes sense after its Retry-After, if it has one"},
    {"The callee was reached, and the user explicitly does not wish to or cannot participate.",
     "makes sense only after its Retry-After, if it has one"},
    {"The server has authoritative information that the user does not exist anywhere.",
     "will be refused everywhere"},
    {"The user wishes to communicate, but no end system can adequately support the session "
     "described.",
     "changes the session description as its Warning or its body suggests"},
    {"The called party does not want the call or message, and is likely to reject future ones.",
     "should not be made"},
    {"An intermediary, not the user, rejected the call attempt; its Call-Info may say whom to "
     "contact about it.",
     "is likely to be rejected, too"}};

constexpr char const* effect_sentence(response_effect effect) noexcept {
  switch (effect) {
  case response_effect::none: return "";
  case response_effect::transaction:
    return " Inside a dialog it affects only the transaction, not the usage or the dialog (RFC "
           "5057 5.1).";
  case response_effect::redirects_dialog:
    return " Inside a dialog it redirects the entire dialog with all of its usages (RFC 5057 5.1, "
           "RFC 3261 12.2.1.2).";
  case response_effect::usage:
    return " Inside a dialog it destroys the usage that the request belongs to, but not the dialog "
           "while another usage shares it (RFC 5057 5.1).";
  case response_effect::dialog:
    return " Inside a dialog it destroys the dialog and all usages sharing it (RFC 5057 5.1).";
  }
  return "";
}

constexpr char const* retry_sentence(retry next) noexcept {
  switch (next) {
  case retry::not_applicable: return "";
  case retry::no: return " Retry: no.";
  case retry::with_credentials: return " Retry: with credentials.";
  case retry::changed: return " Retry: with the request changed.";
  case retry::elsewhere: return " Retry: elsewhere.";
  case retry::later: return " Retry: later.";
  case retry::later_if_told: return " Retry: only if the response says when.";
  case retry::after_random_wait: return " Retry: after a random wait.";
  }
  return "";
}

constexpr char const* class_phrase(response_class c) noexcept {
  switch (c) {
  case response_class::unknown: return "";
  case response_class::provisional: return "a provisional response";
  case response_class::success: return "a success";
  case response_class::redirection: return "a redirection";
  case response_class::request_failure: return "a request failure";
  case response_class::server_failure: return "a server failure";
  case response_class::global_failure: return "a global failure";
  }
  return "";
}

template <class Enum>
constexpr void write_groups(explanation& out, char const* label, set_of<Enum> groups,
                            std::size_t count) noexcept {
  if (groups.empty()) return;
  out << label;
  char const* separator = "";
  for (std::size_t i = 0; i != count; ++i) {
    if (!groups.contains(static_cast<Enum>(i))) continue;
    out << separator << name(static_cast<Enum>(i));
    separator = ", ";
  }
  out << ".";
}

} // namespace detail

/// What a response code means, what it does to the transaction, usage and dialog, and whether to
/// try again. A code that is not registered is explained as the one as which it is treated
/// (RFC 3261 8.1.3.2).
constexpr explanation explain(status_code code) noexcept {
  explanation out;
  if (!is_status_code(code)) {
    out << static_cast<std::int64_t>(code)
        << " is not a SIP status code: these run from 100 to 699 (RFC 3261 7.2).";
    return out;
  }
  status_code const treated = treated_as(code);
  if (treated != code)
    out << static_cast<std::int64_t>(code) << " is not registered and is treated as "
        << static_cast<std::int64_t>(treated) << " (RFC 3261 8.1.3.2). ";

  std::size_t const row = detail::status_row(treated);
  status_info const& info = detail::status_table[row];
  detail::status_text const& text = detail::status_texts[row];
  out << static_cast<std::int64_t>(treated) << " " << info.reason_phrase << " (" << info.reference
      << ") is " << detail::class_phrase(class_of(treated)) << ". " << text.meaning;
  if (is_provisional(treated)) {
    out << " The transaction goes on: a final response follows.";
    if (treated == 100)
      out << " It creates no dialog.";
    else if (treated != 199)
      out << " To an INVITE, with a To tag, it creates an early dialog (RFC 3261 12.1).";
  } else if (is_success(treated)) {
    out << " It ends the transaction.";
    if (treated == 200)
      out << " To an INVITE it confirms the dialog, and the UAC core acknowledges it with an ACK "
             "(RFC 3261 13.2.2.4).";
  } else {
    out << " It ends the transaction; to an INVITE it ends the early dialogs, and the transaction "
           "acknowledges it with an ACK (RFC 3261 12.3, 17.1.1.3).";
  }
  out << detail::effect_sentence(info.effect) << detail::retry_sentence(info.next);
  if (*text.remedy != '\0') out << " Another attempt " << text.remedy << ".";
  detail::write_groups(out, " Group: ", info.groups, response_group_count);
  return out;
}

/// What a method is for, and what is true of it.
constexpr explanation explain(method m) noexcept {
  explanation out;
  method_traits const& t = traits(m);
  bool const registered = *t.name != '\0';
  out << (registered ? t.name : "An extension method");
  if (registered) out << " (" << t.reference << ")";
  out << " is sent to " << t.purpose << ".";

  if (t.outside_dialog && t.inside_dialog)
    out << " It may be sent outside and inside a dialog.";
  else
    out << (t.inside_dialog ? " It is sent only inside a dialog."
                            : " It is sent only outside a dialog.");
  switch (t.creates_dialog) {
  case dialog_creation::none: out << " It creates no dialog."; break;
  case dialog_creation::by_response:
    out << " A 101-199 with a To tag, or a 2xx, creates a dialog (RFC 3261 12.1).";
    break;
  case dialog_creation::by_notify:
    out << " The NOTIFY that follows creates a dialog (RFC 6665 4.4.1).";
    break;
  case dialog_creation::by_itself:
    out << " The first of a subscription creates a dialog (RFC 6665 4.4.1).";
    break;
  }
  switch (t.usage) {
  case usage::none: out << " It belongs to no dialog usage (RFC 5057 5.3)."; break;
  case usage::invite: out << " Inside a dialog it belongs to the invite usage."; break;
  case usage::subscription: out << " Inside a dialog it belongs to a subscription usage."; break;
  case usage::registration: out << " It belongs to the registration usage (RFC 5057 5.3)."; break;
  }
  if (t.target_refresh) out << " It is a target refresh request: its Contact is the new target.";
  if (t.has_response)
    out << (t.may_be_cancelled ? " It has a final response, and may be cancelled before that (RFC "
                                 "3261 9.1)."
                               : " It has a final response, and is not cancelled (RFC 3261 9.1).");
  else
    out << " It has no response.";
  if (t.may_offer && t.may_answer)
    out << " It may carry an offer or an answer.";
  else if (t.may_offer)
    out << " It may carry an offer.";
  else if (t.may_answer)
    out << " It may carry an answer.";
  if (t.response_may_offer && t.response_may_answer)
    out << " Its responses may carry an offer or an answer.";
  else if (t.response_may_answer)
    out << " Its responses may carry an answer.";
  if (!t.takes_cseq)
    out << " Its CSeq number is that of the request it belongs to (RFC 3261 12.2.1.1).";
  if (!t.may_be_challenged) out << " It is never challenged (RFC 3261 22.1).";
  if (t.requires_contact) out << " A Contact header field is mandatory.";
  detail::write_groups(out, " Procedures: ", procedures_of(m), procedure_count);
  return out;
}

/// What a timer measures, and how long it runs with these values of T1, T2 and T4.
constexpr explanation explain(timer t, timer_values const& values = {}) noexcept {
  explanation out;
  if (*name(t) == '\0') return out;
  out << name(t) << " (" << clause(t) << ") is the " << meaning(t) << ".";
  auto const write = [&out](milliseconds d) {
    if (d.is_never())
      out << "it does not run";
    else
      out << d.count << " ms";
  };
  if (t == timer::glare_owner || t == timer::glare_other) {
    window const w = glare_window(t == timer::glare_owner);
    out << " It is drawn at random between " << w.least.count << " and " << w.most.count
        << " ms, in units of " << w.unit.count << " ms.";
    return out;
  }
  if (t == timer::retry_after || t == timer::invite_expires || t == timer::session_refresh ||
      t == timer::session_expiration || t == timer::registration_refresh ||
      t == timer::registration_expiry) {
    out << " How long it runs is said by the "
        << (t == timer::retry_after            ? "Retry-After of the response"
            : t == timer::invite_expires       ? "Expires of the INVITE, or by the caller"
            : t == timer::registration_refresh ? "interval that the 2xx grants, and by policy"
            : t == timer::registration_expiry  ? "interval that the 2xx grants"
                                               : "Session-Expires of the 2xx response")
        << ". It fires once.";
    return out;
  }
  if (t == timer::registration_retry) {
    out << " How long it runs is said by the Retry-After of the response; without one it is drawn "
           "at random, and doubles with each failure. It fires once.";
    return out;
  }
  milliseconds const unreliable = duration(t, transport::udp, values);
  milliseconds const reliable = duration(t, transport::tcp, values);
  out << (unreliable == reliable ? " Over any transport: " : " Over UDP: ");
  write(unreliable);
  if (!(unreliable == reliable)) {
    out << "; over a reliable transport: ";
    write(reliable);
  }
  milliseconds const second = next_interval(t, unreliable, values);
  milliseconds const last = next_interval(t, milliseconds{INT64_MAX / 4}, values);
  if (second.is_never())
    out << ". It fires once.";
  else if (second == unreliable)
    out << ". It repeats at this interval.";
  else if (last == values.t2)
    out << ". Its interval doubles up to T2, " << values.t2.count << " ms.";
  else
    out << ". Its interval doubles without a limit.";
  return out;
}

} // namespace ctsip
