// The rules of a call together: what a user agent may send within a call, and what it does about
// what it receives. One product serves both sides; which side it is shows from the first INVITE.
// Read machine/composition.hpp and the rules' own headers before it.
#pragma once

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/dialog/cancellation.hpp>
#include <ctsip/dialog/dialog.hpp>
#include <ctsip/dialog/forking.hpp>
#include <ctsip/dialog/invite_usage.hpp>
#include <ctsip/dialog/offer_answer.hpp>
#include <ctsip/dialog/precondition.hpp>
#include <ctsip/dialog/reliable_provisional.hpp>
#include <ctsip/dialog/session_modification.hpp>
#include <ctsip/dialog/session_timer.hpp>
#include <ctsip/machine/composition.hpp>

namespace ctsip {

/// Rules of a call put together, in the order in which they are asked. Add your own to the list.
template <class... Rules>
using composition = basic_composition<call_event, call_message, Rules...>;

/// The rules of one dialog of a call, seen by the one who made it.
struct uac_call : composition<dialog, invite_usage, cancellation, reliable_provisional,
                              precondition, offer_answer, session_modification, session_timer> {};

/// The same, seen by the one who was called: one product serves both sides, and which side it is
/// shows from the first INVITE.
using uas_call = uac_call;

} // namespace ctsip
