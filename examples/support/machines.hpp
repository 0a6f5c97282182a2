// Every machine of the library, in reading order: the one list of what is drawn.
#pragma once

#include <ctsip/dialog/ack_retransmission.hpp>
#include <ctsip/dialog/call.hpp>
#include <ctsip/dialog/success_retransmission.hpp>
#include <ctsip/flow/message_matching.hpp>
#include <ctsip/machine/diagram.hpp>
#include <ctsip/registration/binding.hpp>
#include <ctsip/registration/registration.hpp>
#include <ctsip/transaction/invite_client.hpp>
#include <ctsip/transaction/invite_server.hpp>
#include <ctsip/transaction/non_invite_client.hpp>
#include <ctsip/transaction/non_invite_server.hpp>

namespace example {

/// A machine and its drawings, which are made at compile time.
struct drawn_machine {
  char const* name;   ///< of its definition
  char const* header; ///< where that stands
  char const* title;
  char const* mermaid;
  char const* dot;
  char const* markdown;
};

template <class D>
constexpr drawn_machine drawn(char const* name, char const* header) {
  return {name,
          header,
          D::title,
          ctsip::diagram<D, ctsip::mermaid>.c_str(),
          ctsip::diagram<D, ctsip::dot>.c_str(),
          ctsip::diagram<D, ctsip::markdown>.c_str()};
}

// clang-format off
inline constexpr drawn_machine machines[] = {
    drawn<ctsip::invite_client>("invite_client", "transaction/invite_client.hpp"),
    drawn<ctsip::invite_server>("invite_server", "transaction/invite_server.hpp"),
    drawn<ctsip::non_invite_client>("non_invite_client", "transaction/non_invite_client.hpp"),
    drawn<ctsip::non_invite_server>("non_invite_server", "transaction/non_invite_server.hpp"),
    drawn<ctsip::success_retransmission>("success_retransmission", "dialog/success_retransmission.hpp"),
    drawn<ctsip::ack_retransmission>("ack_retransmission", "dialog/ack_retransmission.hpp"),
    drawn<ctsip::dialog>("dialog", "dialog/dialog.hpp"),
    drawn<ctsip::invite_usage>("invite_usage", "dialog/invite_usage.hpp"),
    drawn<ctsip::cancellation>("cancellation", "dialog/cancellation.hpp"),
    drawn<ctsip::reliable_provisional>("reliable_provisional", "dialog/reliable_provisional.hpp"),
    drawn<ctsip::precondition>("precondition", "dialog/precondition.hpp"),
    drawn<ctsip::offer_answer>("offer_answer", "dialog/offer_answer.hpp"),
    drawn<ctsip::session_modification>("session_modification", "dialog/session_modification.hpp"),
    drawn<ctsip::session_timer>("session_timer", "dialog/session_timer.hpp"),
    drawn<ctsip::registration_attempt>("registration_attempt", "registration/registration_attempt.hpp"),
    drawn<ctsip::known_binding>("known_binding", "registration/known_binding.hpp"),
    drawn<ctsip::authentication>("authentication", "registration/authentication.hpp"),
    drawn<ctsip::security_agreement>("security_agreement", "registration/security_agreement.hpp"),
    drawn<ctsip::binding>("binding", "registration/binding.hpp"),
    drawn<ctsip::message_matching>("message_matching", "flow/message_matching.hpp"),
};
// clang-format on

} // namespace example
