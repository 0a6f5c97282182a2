// Registrations as RFCs draw them: RFC 3665 2, RFC 3310 4, RFC 3327 5.5.1, RFC 3608 6.4.1,
// RFC 5626 9. Read flow/standard_flow.hpp before it.
//
// A `contact` names what is bound and `expires` its interval in seconds, in a request what is asked
// for and in a 2xx what is granted.
#pragma once

#include <ctsip/flow/standard_flow.hpp>

namespace ctsip {

namespace standard_flows {

// clang-format off

inline constexpr standard_flow rfc3665_2_1{
    "Successful New Registration",
    "RFC 3665 2.1",
    R"(bob -> server: REGISTER (contact=client)
server -> bob: 401 Unauthorized (nonce=n1)
bob -> server: REGISTER (contact=client, auth, nonce=n1)
server -> bob: 200 OK (contact=client, expires=3600))",
    true};

// The credentials answer a challenge of an earlier registration.
inline constexpr standard_flow rfc3665_2_2{
    "Update of Contact List",
    "RFC 3665 2.2",
    R"(bob -> server: REGISTER (contact=mailbox, auth, nonce=n1)
server -> bob: 200 OK (contact=mailbox, expires=4294967295))",
    true};

// "In this scenario, the REGISTER request has no Contact header".
inline constexpr standard_flow rfc3665_2_3{
    "Request for Current Contact List",
    "RFC 3665 2.3",
    R"(bob -> server: REGISTER (auth, nonce=n1)
server -> bob: 200 OK (contact=client, expires=3600))",
    true};

inline constexpr standard_flow rfc3665_2_4{
    "Cancellation of Registration",
    "RFC 3665 2.4",
    R"(bob -> server: REGISTER (contact=*, expires=0, auth, nonce=n1)
server -> bob: 200 OK)",
    true};

// The password is wrong, and the registrar answers it with a nonce of its own.
inline constexpr standard_flow rfc3665_2_5{
    "Unsuccessful Registration",
    "RFC 3665 2.5",
    R"(bob -> server: REGISTER (contact=client)
server -> bob: 401 Unauthorized (nonce=n1)
bob -> server: REGISTER (contact=client, auth, nonce=n1)
server -> bob: 401 Unauthorized (nonce=n2))",
    true};

// In IMS the first REGISTER has credentials with an empty nonce (3GPP TS 24.229 5.1.1.2).
inline constexpr standard_flow rfc3310_4_figure_2{
    "Message flow representing a successful authentication",
    "RFC 3310 4",
    R"(client -> server: REGISTER (contact=client, auth)
server -> client: 401 Unauthorized (nonce=rand_autn)
client -> server: REGISTER (contact=client, auth, nonce=rand_autn)
server -> client: 200 OK (contact=client, expires=600000))",
    true};

// The second request carries an AUTS instead of a response: the SIM was out of step. That the
// figure ends with the new challenge is the RFC's; the answer to it follows here.
inline constexpr standard_flow rfc3310_4_figure_3{
    "Message flow representing an authentication synchronization failure",
    "RFC 3310 4",
    R"(client -> server: REGISTER (contact=client, auth)
server -> client: 401 Unauthorized (nonce=rand_autn)
client -> server: REGISTER (contact=client, auth, nonce=rand_autn)
server -> client: 401 Unauthorized (nonce=resynchronized)
client -> server: REGISTER (contact=client, auth, nonce=resynchronized)
server -> client: 200 OK (contact=client, expires=600000))",
    true};

// P1 and P3 add themselves to the Path, P2 does not.
inline constexpr standard_flow rfc3327_5_5_1{
    "Example of Mechanism in REGISTER Transaction",
    "RFC 3327 5.5.1",
    R"(ua1 -> proxy1: REGISTER (contact=ua1)
proxy1 -> proxy2: REGISTER (contact=ua1)
proxy2 -> proxy3: REGISTER (contact=ua1)
proxy3 -> registrar: REGISTER (contact=ua1)
registrar -> proxy3: 200 OK (contact=ua1)
proxy3 -> proxy2: 200 OK (contact=ua1)
proxy2 -> proxy1: 200 OK (contact=ua1)
proxy1 -> ua1: 200 OK (contact=ua1))",
    true};

inline constexpr standard_flow rfc3608_6_4_1{
    "Example of Mechanism in REGISTER Transaction",
    "RFC 3608 6.4.1",
    R"(ua1 -> proxy1: REGISTER (contact=ua1)
proxy1 -> registrar: REGISTER (contact=ua1)
registrar -> proxy1: 200 OK (contact=ua1)
proxy1 -> ua1: 200 OK (contact=ua1))",
    true};

// Two flows to the registrar, each through an edge proxy of its own and each with its Call-ID.
inline constexpr standard_flow rfc5626_9_2{
    "Registration",
    "RFC 5626 9.2",
    R"(bob -> proxy1: REGISTER (contact=bob, reg-id=1, call=1)
proxy1 -> registrar: REGISTER (contact=bob, reg-id=1, call=1)
registrar -> proxy1: 200 OK (contact=bob, reg-id=1, call=1, expires=3600)
proxy1 -> bob: 200 OK (contact=bob, reg-id=1, call=1, expires=3600)
bob -> proxy2: REGISTER (contact=bob, reg-id=2, call=2)
proxy2 -> registrar: REGISTER (contact=bob, reg-id=2, call=2)
registrar -> proxy2: 200 OK (contact=bob, reg-id=2, call=2, expires=3600)
proxy2 -> bob: 200 OK (contact=bob, reg-id=2, call=2, expires=3600))",
    true};

// The first flow has failed and is made anew, with the same reg-id and Call-ID.
inline constexpr standard_flow rfc5626_9_4{
    "Re-Registration",
    "RFC 5626 9.4",
    R"(bob -> proxy1: REGISTER (contact=bob, reg-id=1, call=1, cseq=1)
proxy1 -> registrar: REGISTER (contact=bob, reg-id=1, call=1, cseq=1)
registrar -> proxy1: 200 OK (contact=bob, reg-id=1, call=1, expires=3600)
proxy1 -> bob: 200 OK (contact=bob, reg-id=1, call=1, expires=3600)
bob -> proxy1: REGISTER (contact=bob, reg-id=1, call=1, cseq=2)
proxy1 -> registrar: REGISTER (contact=bob, reg-id=1, call=1, cseq=2)
registrar -> proxy1: 200 OK (contact=bob, reg-id=1, call=1, expires=3600)
proxy1 -> bob: 200 OK (contact=bob, reg-id=1, call=1, expires=3600))",
    true};

/// Every flow of this file.
inline constexpr standard_flow const* registrations[] = {
    &rfc3665_2_1, &rfc3665_2_2, &rfc3665_2_3, &rfc3665_2_4, &rfc3665_2_5,
    &rfc3310_4_figure_2, &rfc3310_4_figure_3, &rfc3327_5_5_1, &rfc3608_6_4_1,
    &rfc5626_9_2, &rfc5626_9_4};

// clang-format on

} // namespace standard_flows

} // namespace ctsip
