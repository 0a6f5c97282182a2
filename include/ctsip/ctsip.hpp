// The whole library. The order of the includes is its table of contents: each floor builds on
// those above it here, and any header can be included alone.
#pragma once

#if __cplusplus < 202002L && (!defined(_MSVC_LANG) || _MSVC_LANG < 202002L)
#error "ctsip needs C++20: compile with -std=c++20"
#endif

// clang-format off
// 0  The words of SIP, with what each means
#include <ctsip/version.hpp>
#include <ctsip/vocabulary/text.hpp>
#include <ctsip/vocabulary/transport.hpp>
#include <ctsip/vocabulary/timer.hpp>
#include <ctsip/vocabulary/refresher.hpp>
#include <ctsip/vocabulary/method.hpp>
#include <ctsip/vocabulary/procedure.hpp>
#include <ctsip/vocabulary/status.hpp>
#include <ctsip/vocabulary/digest.hpp>
#include <ctsip/vocabulary/cause.hpp>
#include <ctsip/vocabulary/explain.hpp>

// 1  What can happen, and what it is to break a rule
#include <ctsip/event/event.hpp>
#include <ctsip/event/violation.hpp>

// 2  Tables, the machines that run them, what is proved of them, and their diagrams
#include <ctsip/machine/table.hpp>
#include <ctsip/machine/machine.hpp>
#include <ctsip/machine/timed_machine.hpp>
#include <ctsip/machine/deadline_queue.hpp>
#include <ctsip/machine/proof.hpp>
#include <ctsip/machine/diagram.hpp>
#include <ctsip/machine/composition.hpp>
#include <ctsip/machine/timed_composition.hpp>

// 3  The rules of SIP, a machine each
#include <ctsip/transaction/invite_client.hpp>
#include <ctsip/transaction/invite_server.hpp>
#include <ctsip/transaction/non_invite_client.hpp>
#include <ctsip/transaction/non_invite_server.hpp>
#include <ctsip/transaction/shared_step.hpp>
#include <ctsip/transaction/matching.hpp>
#include <ctsip/transaction/store.hpp>
#include <ctsip/dialog/success_retransmission.hpp>
#include <ctsip/dialog/ack_retransmission.hpp>
#include <ctsip/dialog/call_event.hpp>
#include <ctsip/dialog/dialog.hpp>
#include <ctsip/dialog/invite_usage.hpp>
#include <ctsip/dialog/cancellation.hpp>
#include <ctsip/dialog/reliable_provisional.hpp>
#include <ctsip/dialog/precondition.hpp>
#include <ctsip/dialog/offer_answer.hpp>
#include <ctsip/dialog/session_modification.hpp>
#include <ctsip/dialog/session_timer.hpp>
#include <ctsip/dialog/forking.hpp>
#include <ctsip/dialog/call.hpp>
#include <ctsip/dialog/wants.hpp>
#include <ctsip/registration/registration_event.hpp>
#include <ctsip/registration/registration_policy.hpp>
#include <ctsip/registration/authentication.hpp>
#include <ctsip/registration/registration_attempt.hpp>
#include <ctsip/registration/known_binding.hpp>
#include <ctsip/registration/security_agreement.hpp>
#include <ctsip/registration/registration.hpp>
#include <ctsip/registration/binding.hpp>

// 4  Call flows as text and as types, judged by the rules
#include <ctsip/flow/drawing.hpp>
#include <ctsip/flow/notation.hpp>
#include <ctsip/flow/ladder.hpp>
#include <ctsip/flow/message_matching.hpp>
#include <ctsip/flow/judge.hpp>
#include <ctsip/flow/registration_judge.hpp>
#include <ctsip/flow/flow.hpp>
#include <ctsip/flow/outline.hpp>
#include <ctsip/flow/typed_flow.hpp>
#include <ctsip/flow/report.hpp>
#include <ctsip/flow/standard_flow.hpp>
#include <ctsip/flow/standard_flows.hpp>
#include <ctsip/flow/race_conditions.hpp>
#include <ctsip/flow/registration_flows.hpp>

//    Messages: reading, judging, framing and writing them
#include <ctsip/message/reader.hpp>
#include <ctsip/message/uri.hpp>
#include <ctsip/message/values.hpp>
#include <ctsip/message/multipart.hpp>
#include <ctsip/message/challenge.hpp>
#include <ctsip/message/message_event.hpp>
#include <ctsip/message/call_message.hpp>
#include <ctsip/message/registration_message.hpp>
#include <ctsip/message/validity.hpp>
#include <ctsip/message/framer.hpp>
#include <ctsip/message/sdp.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/message/retry.hpp>
#include <ctsip/message/destination.hpp>
#include <ctsip/message/digest.hpp>

// 5  A user agent without a socket
#include <ctsip/user_agent/address.hpp>
#include <ctsip/user_agent/identifiers.hpp>
#include <ctsip/user_agent/digest_client.hpp>
#include <ctsip/user_agent/digest_server.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>
#include <ctsip/user_agent/connection.hpp>
#include <ctsip/user_agent/event_queue.hpp>
#include <ctsip/user_agent/user_event.hpp>
#include <ctsip/user_agent/endpoint_traits.hpp>
#include <ctsip/user_agent/call_record.hpp>
#include <ctsip/user_agent/call_pool.hpp>
#include <ctsip/user_agent/call_wording.hpp>
#include <ctsip/user_agent/call_sender.hpp>
#include <ctsip/user_agent/user_requests.hpp>
#include <ctsip/user_agent/call_receiver.hpp>
#include <ctsip/user_agent/endpoint.hpp>
#include <ctsip/user_agent/call_credentials.hpp>
#include <ctsip/user_agent/handle.hpp>
#include <ctsip/user_agent/call_handles.hpp>
#include <ctsip/user_agent/answers.hpp>
#include <ctsip/user_agent/registrant_event.hpp>
#include <ctsip/user_agent/registration_record.hpp>
#include <ctsip/user_agent/registration_wording.hpp>
#include <ctsip/user_agent/registration_set.hpp>
#include <ctsip/user_agent/registrant.hpp>
#include <ctsip/user_agent/registration_handles.hpp>
#include <ctsip/user_agent/registering.hpp>
#include <ctsip/user_agent/registrar_store.hpp>
#include <ctsip/user_agent/registrar_authentication.hpp>
#include <ctsip/user_agent/registrar_event.hpp>
#include <ctsip/user_agent/registrar.hpp>

//    A network without a wire, to test them on
#include <ctsip/testing/virtual_network.hpp>
// clang-format on
