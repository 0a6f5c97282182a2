// Call flows as people write them on one line, and whether each is strict: every message is there.
// What is not strict stands for a strict flow that has to be completed.
#pragma once

#include <string_view>

namespace lines {

struct line {
  std::string_view text;
  bool strict;
};

inline constexpr line registration{"REGISTER -> REGISTER with Authorization", false};
inline constexpr line registration_challenged{
    "REGISTER -> 401 Unauthorized -> REGISTER with Authorization -> 200 OK", true};

// The 200 is the INVITE's.
inline constexpr line session_reliable{
    "INVITE -> 100 Trying -> 180 Ringing / 183 Session Progress -> PRACK -> 200 OK -> ACK", false};
inline constexpr line session_alternatives{
    "INVITE -> 100 Trying -> 180 Ringing / 183 Session Progress -> 200 OK -> ACK", false};
inline constexpr line session{"INVITE→100 Trying→180 Ringing→200 OK→ACK", true};
inline constexpr line session_if_reliable{
    "INVITE -> PRACK if reliable provisional response is used -> ACK after 200 OK", false};

// The INVITE has the offer, the 183 the answer.
inline constexpr line early_media{
    "INVITE -> 183 Session Progress with SDP -> PRACK -> 200 OK for PRACK", false};
inline constexpr line modification{"UPDATE / re-INVITE -> 200 OK -> ACK when re-INVITE is used",
                                   false};
inline constexpr line modification_separate{"UPDATE -> response; re-INVITE -> response -> ACK",
                                            false};

inline constexpr line release{"BYE -> 200 OK", false};
inline constexpr line release_response{"BYE -> response", false};
inline constexpr line cancellation{"CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK",
                                   false};
inline constexpr line cancellation_original{
    "CANCEL -> response, then original INVITE gets 487 Request Terminated", false};
inline constexpr line cancellation_of_invite{
    "INVITE -> CANCEL -> 200 OK for CANCEL -> 487 Request Terminated -> ACK", false};

inline constexpr line busy{"INVITE -> 100 Trying -> 486 Busy Here -> ACK", true};
inline constexpr line not_acceptable{
    "INVITE or UPDATE -> 488 Not Acceptable Here / 415 Unsupported Media Type", false};
inline constexpr line server_error{
    "INVITE / REGISTER -> 500 Server Internal Error / 503 Service Unavailable", false};

inline constexpr line const* all[] = {&registration,
                                      &registration_challenged,
                                      &session_reliable,
                                      &session_alternatives,
                                      &session,
                                      &session_if_reliable,
                                      &early_media,
                                      &modification,
                                      &modification_separate,
                                      &release,
                                      &release_response,
                                      &cancellation,
                                      &cancellation_original,
                                      &cancellation_of_invite,
                                      &busy,
                                      &not_acceptable,
                                      &server_error};

// Lines that no completion makes legal.
inline constexpr std::string_view ack_to_provisional = "INVITE -> 180 Ringing -> ACK";
inline constexpr std::string_view cancel_after_success = "INVITE -> 200 OK -> CANCEL";
inline constexpr std::string_view bye_after_failure = "INVITE -> 486 Busy Here -> ACK -> BYE";

inline constexpr std::string_view refused[] = {ack_to_provisional, cancel_after_success,
                                               bye_after_failure};

} // namespace lines
