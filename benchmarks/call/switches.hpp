// The rules of a call as switches: over the state, and in each state over the symbol. Symbols that
// a state does not mention move nothing. Judging and taking the step are apart, so that a refusal
// by one rule moves none of them.
#pragma once

#include <cstdint>

#include <ctsip/dialog/call.hpp>

namespace bench::call {

/// What one rule says of one event.
struct verdict {
  std::uint8_t to;
  std::uint8_t does; ///< actions as a set of bits
  bool refuses;

  template <class State, class... Actions>
  static constexpr verdict go(State to, Actions... does) {
    return {static_cast<std::uint8_t>(to),
            static_cast<std::uint8_t>((0u | ... | (1u << static_cast<unsigned>(does)))), false};
  }
};

inline constexpr verdict refused{0, 0, true};

struct dialog_by_hand {
  using rule = ctsip::dialog;
  using s = rule::state;
  using e = rule::symbol;
  using enum rule::action;

  s state{};

  template <class... Actions>
  static verdict go(s to, Actions... does) {
    return verdict::go(to, does...);
  }
  template <class... Actions>
  verdict stay(Actions... does) const {
    return verdict::go(state, does...);
  }

  verdict judge(e on) const {
    switch (state) {
    case s::none:
      switch (on) {
      case e::sent_request:
      case e::sent_prack:
      case e::sent_bye:
      case e::sent_stale_request: return refused;
      case e::sent_provisional:
      case e::received_provisional:
      case e::received_reliable: return go(s::early, establish_dialog);
      case e::sent_success:
      case e::received_success: return go(s::confirmed, establish_dialog);
      case e::received_request:
      case e::received_bye: return stay(answer_481);
      case e::received_stale_request: return stay(answer_500);
      case e::received_reliable_199: return go(s::released, establish_dialog);
      default: return stay();
      }
    case s::early:
      switch (on) {
      case e::sent_bye:
      case e::sent_usage_ended: return go(s::early_ended, end_dialog);
      case e::sent_stale_request: return refused;
      case e::sent_early_dialog_ended:
      case e::sent_failure:
      case e::received_failure:
      case e::timer_ack_retransmission:
      case e::timer_cancel_timeout: return go(s::none, end_dialog);
      case e::sent_success: return go(s::confirmed);
      case e::sent_target_refresh:
      case e::received_reliable:
      case e::received_target_refresh: return stay(replace_remote_target);
      case e::received_bye: return go(s::early_bye_received, answer_200, end_dialog);
      case e::received_stale_request: return stay(answer_500);
      case e::received_early_dialog_ended: return go(s::released, end_dialog);
      case e::received_reliable_199: return go(s::released, replace_remote_target, end_dialog);
      case e::received_success: return go(s::confirmed, recompute_route_set, replace_remote_target);
      case e::received_usage_ended: return go(s::early_ending, end_dialog);
      default: return stay();
      }
    case s::released:
      switch (on) {
      case e::sent_request:
      case e::sent_bye:
      case e::sent_stale_request: return refused;
      case e::sent_provisional:
      case e::received_provisional:
      case e::received_reliable: return go(s::early, establish_dialog);
      case e::sent_success:
      case e::received_success: return go(s::confirmed, establish_dialog);
      case e::sent_failure:
      case e::received_failure:
      case e::timer_ack_retransmission:
      case e::timer_cancel_timeout: return go(s::none);
      case e::received_request:
      case e::received_bye: return stay(answer_481);
      case e::received_stale_request: return stay(answer_500);
      case e::received_reliable_199: return stay(replace_remote_target);
      default: return stay();
      }
    case s::confirmed:
      switch (on) {
      case e::sent_bye:
      case e::sent_usage_ended: return go(s::ended, end_dialog);
      case e::sent_stale_request: return refused;
      case e::sent_target_refresh:
      case e::received_target_refresh: return stay(replace_remote_target);
      case e::received_bye: return go(s::bye_received, answer_200, end_dialog);
      case e::received_stale_request: return stay(answer_500);
      case e::received_usage_ended: return go(s::ending, send_bye, end_dialog);
      default: return stay();
      }
    case s::early_bye_received:
      switch (on) {
      case e::sent_invite:
      case e::sent_request:
      case e::sent_prack:
      case e::sent_bye:
      case e::sent_stale_request: return refused;
      case e::sent_success:
      case e::received_success: return go(s::bye_received);
      case e::sent_failure:
      case e::received_failure:
      case e::timer_ack_retransmission:
      case e::timer_cancel_timeout: return go(s::none);
      case e::sent_bye_challenge: return go(s::early);
      case e::sent_usage_ended: return go(s::early_ended, end_dialog);
      case e::received_request:
      case e::received_prack: return stay(answer_481);
      case e::received_bye: return stay(answer_200);
      case e::received_stale_request: return stay(answer_500);
      default: return stay();
      }
    case s::bye_received:
      switch (on) {
      case e::sent_invite:
      case e::sent_request:
      case e::sent_prack:
      case e::sent_bye:
      case e::sent_stale_request: return refused;
      case e::sent_bye_challenge: return go(s::confirmed);
      case e::sent_usage_ended: return go(s::ended, end_dialog);
      case e::received_request:
      case e::received_prack: return stay(answer_481);
      case e::received_bye: return stay(answer_200);
      case e::received_stale_request: return stay(answer_500);
      default: return stay();
      }
    case s::early_ending:
      switch (on) {
      case e::sent_invite:
      case e::sent_request:
      case e::sent_prack:
      case e::sent_stale_request: return refused;
      case e::sent_bye: return go(s::early_ended, end_dialog);
      case e::sent_success: return go(s::ending);
      case e::sent_failure:
      case e::received_failure:
      case e::timer_ack_retransmission:
      case e::timer_cancel_timeout: return go(s::none);
      case e::received_request:
      case e::received_prack: return stay(answer_481);
      case e::received_bye: return go(s::early_ended, answer_200);
      case e::received_stale_request: return stay(answer_500);
      case e::received_success: return go(s::ending, send_bye);
      default: return stay();
      }
    case s::ending:
      switch (on) {
      case e::sent_invite:
      case e::sent_request:
      case e::sent_prack:
      case e::sent_stale_request: return refused;
      case e::sent_bye: return go(s::ended, end_dialog);
      case e::received_request:
      case e::received_prack: return stay(answer_481);
      case e::received_bye: return go(s::ended, answer_200);
      case e::received_stale_request: return stay(answer_500);
      default: return stay();
      }
    case s::early_ended:
      switch (on) {
      case e::sent_invite:
      case e::sent_request:
      case e::sent_prack:
      case e::sent_bye:
      case e::sent_stale_request: return refused;
      case e::sent_success:
      case e::received_success: return go(s::ended);
      case e::sent_failure:
      case e::received_failure:
      case e::timer_ack_retransmission:
      case e::timer_cancel_timeout: return go(s::none);
      case e::received_request:
      case e::received_prack: return stay(answer_481);
      case e::received_bye: return stay(answer_200);
      case e::received_stale_request: return stay(answer_500);
      case e::received_bye_challenge: return go(s::early_ending, send_bye);
      default: return stay();
      }
    case s::ended:
      switch (on) {
      case e::sent_invite:
      case e::sent_request:
      case e::sent_prack:
      case e::sent_bye:
      case e::sent_stale_request: return refused;
      case e::received_request:
      case e::received_prack: return stay(answer_481);
      case e::received_bye: return stay(answer_200);
      case e::received_stale_request: return stay(answer_500);
      case e::received_bye_challenge: return go(s::ending, send_bye);
      default: return stay();
      }
    }
    return stay();
  }
};

struct invite_usage_by_hand {
  using rule = ctsip::invite_usage;
  using s = rule::state;
  using e = rule::symbol;
  using enum rule::action;

  s state{};

  template <class... Actions>
  static verdict go(s to, Actions... does) {
    return verdict::go(to, does...);
  }
  template <class... Actions>
  verdict stay(Actions... does) const {
    return verdict::go(state, does...);
  }

  verdict judge(e on) const {
    switch (state) {
    case s::idle:
      switch (on) {
      case e::sent_invite: return go(s::inviting);
      case e::sent_provisional:
      case e::sent_success:
      case e::sent_failure:
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::received_invite: return go(s::invited);
      case e::received_success:
      case e::received_success_again: return go(s::unacknowledged, send_ack);
      default: return stay();
      }
    case s::inviting:
      switch (on) {
      case e::sent_provisional:
      case e::sent_success:
      case e::sent_failure:
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::received_provisional: return go(s::caller_early);
      case e::received_success:
      case e::received_success_again: return go(s::unacknowledged, send_ack, begin_session);
      case e::received_failure:
      case e::timer_ack_retransmission:
      case e::timer_cancel_timeout: return go(s::idle);
      case e::timer_invite_expires: return stay(send_cancel);
      default: return stay();
      }
    case s::caller_early:
      switch (on) {
      case e::sent_provisional:
      case e::sent_success:
      case e::sent_failure:
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::sent_usage_ended:
      case e::received_usage_ended:
      case e::received_bye: return go(s::caller_early_ended, end_session);
      case e::sent_bye: return go(s::early_bye_sent, end_session);
      case e::received_success:
      case e::received_success_again: return go(s::unacknowledged, send_ack, begin_session);
      case e::received_failure:
      case e::timer_ack_retransmission:
      case e::timer_cancel_timeout: return go(s::idle);
      case e::timer_invite_expires: return stay(send_cancel);
      default: return stay();
      }
    case s::early_bye_sent:
      switch (on) {
      case e::sent_provisional:
      case e::sent_success:
      case e::sent_failure:
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::received_success:
      case e::received_success_again: return go(s::bye_sent_unacknowledged, send_ack);
      case e::received_failure:
      case e::timer_ack_retransmission:
      case e::timer_cancel_timeout: return go(s::idle);
      case e::received_bye_final: return go(s::caller_early_ended);
      default: return stay();
      }
    case s::caller_early_ended:
      switch (on) {
      case e::sent_provisional:
      case e::sent_success:
      case e::sent_failure:
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::sent_bye: return go(s::early_bye_sent);
      case e::received_success:
      case e::received_success_again: return go(s::ended_unacknowledged, send_ack);
      case e::received_failure:
      case e::timer_ack_retransmission:
      case e::timer_cancel_timeout: return go(s::idle);
      default: return stay();
      }
    case s::invited:
      switch (on) {
      case e::sent_provisional: return go(s::callee_early);
      case e::sent_success: return go(s::moratorium, begin_session);
      case e::sent_failure: return go(s::idle);
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::timer_invite_expires: return stay(answer_487);
      case e::timer_provisional_reminder: return stay(send_provisional);
      default: return stay();
      }
    case s::callee_early:
      switch (on) {
      case e::sent_success: return go(s::moratorium, begin_session);
      case e::sent_failure: return go(s::idle);
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::callee_early_ended, answer_487, end_session);
      case e::sent_ack:
      case e::sent_stray_ack:
      case e::sent_bye: return refused;
      case e::received_bye: return go(s::early_bye_received, answer_487, end_session);
      case e::timer_invite_expires: return stay(answer_487);
      case e::timer_provisional_reminder: return stay(send_provisional);
      default: return stay();
      }
    case s::early_bye_received:
      switch (on) {
      case e::sent_success: return go(s::bye_received);
      case e::sent_failure: return go(s::idle);
      case e::sent_ack:
      case e::sent_stray_ack:
      case e::sent_bye: return refused;
      case e::sent_bye_final: return go(s::callee_early_ended);
      case e::sent_bye_challenge: return go(s::callee_early);
      default: return stay();
      }
    case s::callee_early_ended:
      switch (on) {
      case e::sent_success: return go(s::ended);
      case e::sent_failure: return go(s::idle);
      case e::sent_ack:
      case e::sent_stray_ack:
      case e::sent_bye: return refused;
      default: return stay();
      }
    case s::moratorium:
      switch (on) {
      case e::sent_reinvite_success: return go(s::moratorium_reinvited);
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::ended, end_session);
      case e::sent_ack:
      case e::sent_stray_ack:
      case e::sent_bye: return refused;
      case e::received_reinvite_success: return go(s::unacknowledged, send_ack);
      case e::received_ack: return go(s::established);
      case e::received_bye: return go(s::bye_received, end_session);
      case e::timer_success_timeout: return go(s::abandoned, send_bye);
      default: return stay();
      }
    case s::moratorium_reinvited:
      switch (on) {
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::ended, end_session);
      case e::sent_ack:
      case e::sent_stray_ack:
      case e::sent_bye: return refused;
      case e::received_reinvite_success: return go(s::unacknowledged, send_ack);
      case e::received_ack: return go(s::unconfirmed);
      case e::received_bye: return go(s::bye_received, end_session);
      case e::timer_success_timeout: return go(s::abandoned, send_bye);
      default: return stay();
      }
    case s::abandoned:
      switch (on) {
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::ended, end_session);
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::sent_bye: return go(s::bye_sent, end_session);
      case e::received_reinvite_success: return go(s::unacknowledged, send_ack);
      case e::received_bye: return go(s::bye_received, end_session);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::unacknowledged:
      switch (on) {
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::ended_unacknowledged, end_session);
      case e::sent_ack: return go(s::established);
      case e::sent_stray_ack:
      case e::sent_bye: return refused;
      case e::received_success:
      case e::received_success_again: return go(s::unacknowledged_again);
      case e::received_reinvite_success: return go(s::unacknowledged_again, send_ack);
      case e::received_bye: return go(s::bye_received_unacknowledged, end_session);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::unacknowledged_again:
      switch (on) {
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::ended_unacknowledged, end_session);
      case e::sent_ack: return go(s::acknowledging_again);
      case e::sent_stray_ack:
      case e::sent_bye: return refused;
      case e::received_bye: return go(s::bye_received_unacknowledged, end_session);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::established:
      switch (on) {
      case e::sent_reinvite: return go(s::reinviting);
      case e::sent_reinvite_success: return go(s::unconfirmed);
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::ended, end_session);
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::sent_bye: return go(s::bye_sent, end_session);
      case e::received_success:
      case e::received_success_again: return go(s::acknowledging_again, send_ack);
      case e::received_reinvite_success: return go(s::unacknowledged, send_ack);
      case e::received_bye: return go(s::bye_received, end_session);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::acknowledging_again:
      switch (on) {
      case e::sent_reinvite: return go(s::reinviting_acknowledging_again);
      case e::sent_reinvite_success: return go(s::unconfirmed);
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::ended_unacknowledged, end_session);
      case e::sent_ack: return go(s::established);
      case e::sent_stray_ack: return refused;
      case e::sent_bye: return go(s::bye_sent_unacknowledged, end_session);
      case e::received_reinvite_success: return go(s::unacknowledged, send_ack);
      case e::received_bye: return go(s::bye_received_unacknowledged, end_session);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::reinviting:
      switch (on) {
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::ended, end_session);
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::sent_bye: return go(s::bye_sent, end_session);
      case e::received_success:
      case e::received_success_again: return go(s::reinviting_acknowledging_again, send_ack);
      case e::received_reinvite_success: return go(s::unacknowledged, send_ack);
      case e::received_reinvite_failure: return go(s::established);
      case e::received_bye: return go(s::bye_received, end_session);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::reinviting_acknowledging_again:
      switch (on) {
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::ended_unacknowledged, end_session);
      case e::sent_ack: return go(s::reinviting);
      case e::sent_stray_ack: return refused;
      case e::sent_bye: return go(s::bye_sent_unacknowledged, end_session);
      case e::received_reinvite_success: return go(s::unacknowledged_again, send_ack);
      case e::received_reinvite_failure: return go(s::acknowledging_again);
      case e::received_bye: return go(s::bye_received_unacknowledged, end_session);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::unconfirmed:
      switch (on) {
      case e::sent_usage_ended:
      case e::received_usage_ended: return go(s::ended, end_session);
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::sent_bye: return go(s::bye_sent, end_session);
      case e::received_reinvite_success: return go(s::unacknowledged, send_ack);
      case e::received_ack: return go(s::established);
      case e::received_bye: return go(s::bye_received, end_session);
      case e::timer_success_timeout: return go(s::abandoned, send_bye);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::bye_sent:
      switch (on) {
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::received_success:
      case e::received_success_again:
      case e::received_reinvite_success: return go(s::bye_sent_unacknowledged, send_ack);
      case e::received_bye_final: return go(s::ended);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::bye_received:
      switch (on) {
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::sent_bye_final: return go(s::ended);
      case e::sent_bye_challenge: return go(s::established, begin_session);
      case e::received_success:
      case e::received_success_again:
      case e::received_reinvite_success: return go(s::bye_received_unacknowledged, send_ack);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::ended:
      switch (on) {
      case e::sent_ack:
      case e::sent_stray_ack: return refused;
      case e::sent_bye: return go(s::bye_sent);
      case e::received_success:
      case e::received_success_again:
      case e::received_reinvite_success: return go(s::ended_unacknowledged, send_ack);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::bye_sent_unacknowledged:
      switch (on) {
      case e::sent_ack: return go(s::bye_sent);
      case e::sent_stray_ack: return refused;
      case e::received_bye_final: return go(s::ended_unacknowledged);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::bye_received_unacknowledged:
      switch (on) {
      case e::sent_ack: return go(s::bye_received);
      case e::sent_stray_ack: return refused;
      case e::sent_bye_final: return go(s::ended_unacknowledged);
      case e::sent_bye_challenge: return go(s::unacknowledged, begin_session);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    case s::ended_unacknowledged:
      switch (on) {
      case e::sent_ack: return go(s::ended);
      case e::sent_stray_ack: return refused;
      case e::sent_bye: return go(s::bye_sent_unacknowledged);
      case e::timer_ack_retransmission: return stay(end_early_dialogs);
      default: return stay();
      }
    }
    return stay();
  }
};

struct cancellation_by_hand {
  using rule = ctsip::cancellation;
  using s = rule::state;
  using e = rule::symbol;
  using enum rule::action;

  s state{};

  template <class... Actions>
  static verdict go(s to, Actions... does) {
    return verdict::go(to, does...);
  }
  template <class... Actions>
  verdict stay(Actions... does) const {
    return verdict::go(state, does...);
  }

  verdict judge(e on) const {
    switch (state) {
    case s::idle:
      switch (on) {
      case e::sent_invite: return go(s::calling);
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::received_invite: return go(s::invited);
      case e::received_cancel: return go(s::cancel_pending, answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::invited:
      switch (on) {
      case e::sent_invite: return go(s::crossed_calling);
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_success:
      case e::sent_cancel_challenge: return refused;
      case e::sent_final: return go(s::idle);
      case e::received_cancel: return go(s::invite_cancelled, answer_487, answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::answered_invited:
      switch (on) {
      case e::sent_invite: return go(s::crossed_calling);
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::sent_final: return go(s::answered);
      case e::received_cancel: return go(s::invite_cancelled, answer_487, answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::invite_cancelled:
      switch (on) {
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::sent_final: return go(s::cancel_pending);
      case e::sent_cancel_success:
      case e::sent_cancel_failure: return go(s::terminating);
      case e::received_cancel: return stay(answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::terminating:
      switch (on) {
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::sent_final: return go(s::idle);
      case e::received_cancel: return stay(answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::cancel_pending:
      switch (on) {
      case e::sent_invite: return go(s::calling);
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::sent_cancel_success:
      case e::sent_cancel_failure: return go(s::idle);
      case e::received_invite: return go(s::answered_invited);
      case e::received_cancel: return stay(answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::calling:
      switch (on) {
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::received_invite: return go(s::crossed_calling);
      case e::received_provisional: return go(s::proceeding);
      case e::received_success:
      case e::received_reinvite_success:
      case e::received_failure: return go(s::answered);
      case e::received_cancel: return stay(answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::proceeding:
      switch (on) {
      case e::sent_cancel: return go(s::cancelling);
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::received_invite: return go(s::crossed_proceeding);
      case e::received_success:
      case e::received_reinvite_success:
      case e::received_failure: return go(s::answered);
      case e::received_cancel: return stay(answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::cancelling:
      switch (on) {
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::received_invite: return go(s::crossed_cancelling);
      case e::received_success: return go(s::cancel_unanswered, acknowledge_and_bye);
      case e::received_reinvite_success:
      case e::received_failure: return go(s::cancel_unanswered);
      case e::received_cancel: return stay(answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      case e::received_cancel_final: return go(s::cancelled);
      case e::timer_cancel: return go(s::given_up, give_up);
      default: return stay();
      }
    case s::cancelled:
      switch (on) {
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::received_invite: return go(s::crossed_cancelled);
      case e::received_success: return go(s::answered, acknowledge_and_bye);
      case e::received_reinvite_success:
      case e::received_failure: return go(s::answered);
      case e::received_cancel: return stay(answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      case e::timer_cancel: return go(s::given_up, give_up);
      default: return stay();
      }
    case s::cancel_unanswered:
      switch (on) {
      case e::sent_invite: return go(s::calling);
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::received_invite: return go(s::answered_invited);
      case e::received_cancel: return stay(answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      case e::received_cancel_final: return go(s::answered);
      default: return stay();
      }
    case s::given_up:
      switch (on) {
      case e::sent_invite: return go(s::calling);
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::received_invite: return go(s::answered_invited);
      case e::received_success: return go(s::answered, acknowledge_and_bye);
      case e::received_reinvite_success:
      case e::received_failure: return go(s::answered);
      case e::received_cancel: return stay(answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::answered:
      switch (on) {
      case e::sent_invite: return go(s::calling);
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::received_invite: return go(s::answered_invited);
      case e::received_cancel: return go(s::cancel_pending, answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::crossed_calling:
      switch (on) {
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::sent_final: return go(s::calling);
      case e::received_provisional: return go(s::crossed_proceeding);
      case e::received_success:
      case e::received_reinvite_success:
      case e::received_failure: return go(s::answered_invited);
      case e::received_cancel: return stay(answer_487, answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::crossed_proceeding:
      switch (on) {
      case e::sent_cancel: return go(s::crossed_cancelling);
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::sent_final: return go(s::proceeding);
      case e::received_success:
      case e::received_reinvite_success:
      case e::received_failure: return go(s::answered_invited);
      case e::received_cancel: return stay(answer_487, answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      default: return stay();
      }
    case s::crossed_cancelling:
      switch (on) {
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::sent_final: return go(s::cancelling);
      case e::received_success: return go(s::answered_invited, acknowledge_and_bye);
      case e::received_reinvite_success:
      case e::received_failure: return go(s::answered_invited);
      case e::received_cancel: return stay(answer_487, answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      case e::received_cancel_final: return go(s::crossed_cancelled);
      case e::timer_cancel: return go(s::answered_invited, give_up);
      default: return stay();
      }
    case s::crossed_cancelled:
      switch (on) {
      case e::sent_cancel:
      case e::sent_stray_cancel:
      case e::sent_cancel_challenge: return refused;
      case e::sent_final: return go(s::cancelled);
      case e::received_success: return go(s::answered_invited, acknowledge_and_bye);
      case e::received_reinvite_success:
      case e::received_failure: return go(s::answered_invited);
      case e::received_cancel: return stay(answer_487, answer_cancel);
      case e::received_stray_cancel: return stay(answer_481);
      case e::timer_cancel: return go(s::answered_invited, give_up);
      default: return stay();
      }
    }
    return stay();
  }
};

struct reliable_provisional_by_hand {
  using rule = ctsip::reliable_provisional;
  using s = rule::state;
  using e = rule::symbol;
  using enum rule::action;

  s state{};

  template <class... Actions>
  static verdict go(s to, Actions... does) {
    return verdict::go(to, does...);
  }
  template <class... Actions>
  verdict stay(Actions... does) const {
    return verdict::go(state, does...);
  }

  verdict judge(e on) const {
    switch (state) {
    case s::idle:
      switch (on) {
      case e::sent_invite: return go(s::calling_without_100rel);
      case e::sent_invite_100rel: return go(s::calling);
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack: return refused;
      case e::sent_prack_failure:
      case e::sent_prack_failure_sdp:
      case e::sent_first_prack_failure:
      case e::sent_first_prack_failure_sdp: return go(s::success_sent);
      case e::received_invite: return go(s::invited_without_100rel);
      case e::received_invite_100rel: return go(s::invited);
      case e::received_reliable:
      case e::received_reliable_again:
      case e::received_reliable_gap: return stay(ignore_response);
      case e::received_prack:
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      case e::received_prack_failure: return go(s::success_prack_due);
      default: return stay();
      }
    case s::invited_without_100rel:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack: return refused;
      case e::sent_success:
      case e::sent_failure: return go(s::idle);
      case e::received_prack:
      case e::received_prack_sdp_left:
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    case s::invited:
      switch (on) {
      case e::sent_reliable: return go(s::first_unacknowledged);
      case e::sent_reliable_sdp: return go(s::first_unacknowledged_sdp);
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack:
      case e::sent_unreliable: return refused;
      case e::sent_success:
      case e::sent_failure: return go(s::idle);
      case e::received_prack:
      case e::received_prack_sdp_left:
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    case s::first_unacknowledged:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_gap:
      case e::sent_stray_prack:
      case e::sent_unreliable: return refused;
      case e::sent_success: return go(s::success_sent);
      case e::sent_failure: return go(s::over);
      case e::received_prack: return go(s::acknowledged, answer_prack);
      case e::received_prack_sdp_left: return go(s::unacknowledged_sdp, answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      case e::timer_reliable_provisional: return stay(resend_provisional);
      case e::timer_reliable_provisional_timeout: return stay(reject_with_5xx);
      default: return stay();
      }
    case s::first_unacknowledged_sdp:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_gap:
      case e::sent_success:
      case e::sent_stray_prack:
      case e::sent_unreliable: return refused;
      case e::sent_failure: return go(s::over);
      case e::received_prack: return go(s::acknowledged, answer_prack);
      case e::received_prack_sdp_left: return go(s::unacknowledged_sdp, answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      case e::timer_reliable_provisional: return stay(resend_provisional);
      case e::timer_reliable_provisional_timeout: return stay(reject_with_5xx);
      default: return stay();
      }
    case s::acknowledged:
      switch (on) {
      case e::sent_reliable:
      case e::sent_prack_failure: return go(s::unacknowledged);
      case e::sent_reliable_sdp:
      case e::sent_prack_failure_sdp: return go(s::unacknowledged_sdp);
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack:
      case e::sent_unreliable: return refused;
      case e::sent_success:
      case e::sent_failure: return go(s::idle);
      case e::sent_first_prack_failure: return go(s::first_unacknowledged);
      case e::sent_first_prack_failure_sdp: return go(s::first_unacknowledged_sdp);
      case e::received_prack:
      case e::received_prack_sdp_left:
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    case s::unacknowledged:
      switch (on) {
      case e::sent_reliable:
      case e::sent_prack_failure:
      case e::sent_first_prack_failure: return go(s::two_unacknowledged);
      case e::sent_reliable_sdp:
      case e::sent_prack_failure_sdp:
      case e::sent_first_prack_failure_sdp: return go(s::two_unacknowledged_sdp);
      case e::sent_reliable_gap:
      case e::sent_stray_prack:
      case e::sent_unreliable: return refused;
      case e::sent_success: return go(s::success_sent);
      case e::sent_failure: return go(s::over);
      case e::received_prack: return go(s::acknowledged, answer_prack);
      case e::received_prack_sdp_left: return go(s::unacknowledged_sdp, answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      case e::timer_reliable_provisional: return stay(resend_provisional);
      case e::timer_reliable_provisional_timeout: return stay(reject_with_5xx);
      default: return stay();
      }
    case s::unacknowledged_sdp:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_prack_failure:
      case e::sent_prack_failure_sdp:
      case e::sent_first_prack_failure:
      case e::sent_first_prack_failure_sdp: return go(s::two_unacknowledged_sdp);
      case e::sent_reliable_gap:
      case e::sent_success:
      case e::sent_stray_prack:
      case e::sent_unreliable: return refused;
      case e::sent_failure: return go(s::over);
      case e::received_prack: return go(s::acknowledged, answer_prack);
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      case e::timer_reliable_provisional: return stay(resend_provisional);
      case e::timer_reliable_provisional_timeout: return stay(reject_with_5xx);
      default: return stay();
      }
    case s::two_unacknowledged:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_gap:
      case e::sent_stray_prack:
      case e::sent_unreliable: return refused;
      case e::sent_success: return go(s::success_sent_two);
      case e::sent_failure: return go(s::over);
      case e::sent_prack_failure_sdp:
      case e::sent_first_prack_failure_sdp: return go(s::two_unacknowledged_sdp);
      case e::received_prack: return go(s::unacknowledged, answer_prack);
      case e::received_prack_sdp_left: return go(s::unacknowledged_sdp, answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      case e::timer_reliable_provisional: return stay(resend_provisional);
      case e::timer_reliable_provisional_timeout: return stay(reject_with_5xx);
      default: return stay();
      }
    case s::two_unacknowledged_sdp:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_gap:
      case e::sent_success:
      case e::sent_stray_prack:
      case e::sent_unreliable: return refused;
      case e::sent_failure: return go(s::over);
      case e::received_prack: return go(s::unacknowledged, answer_prack);
      case e::received_prack_sdp_left: return go(s::unacknowledged_sdp, answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      case e::timer_reliable_provisional: return stay(resend_provisional);
      case e::timer_reliable_provisional_timeout: return stay(reject_with_5xx);
      default: return stay();
      }
    case s::success_sent:
      switch (on) {
      case e::sent_invite: return go(s::calling_without_100rel);
      case e::sent_invite_100rel: return go(s::calling);
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack: return refused;
      case e::sent_prack_failure:
      case e::sent_prack_failure_sdp:
      case e::sent_first_prack_failure:
      case e::sent_first_prack_failure_sdp: return go(s::success_sent_two);
      case e::sent_end:
      case e::received_end: return go(s::over);
      case e::received_invite: return go(s::invited_without_100rel);
      case e::received_invite_100rel: return go(s::invited);
      case e::received_prack:
      case e::received_prack_sdp_left: return go(s::idle, answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    case s::success_sent_two:
      switch (on) {
      case e::sent_invite: return go(s::calling_without_100rel);
      case e::sent_invite_100rel: return go(s::calling);
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack: return refused;
      case e::sent_end:
      case e::received_end: return go(s::over);
      case e::received_invite: return go(s::invited_without_100rel);
      case e::received_invite_100rel: return go(s::invited);
      case e::received_prack:
      case e::received_prack_sdp_left: return go(s::success_sent, answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    case s::over:
      switch (on) {
      case e::sent_invite: return go(s::calling_without_100rel);
      case e::sent_invite_100rel: return go(s::calling);
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack: return refused;
      case e::received_invite: return go(s::invited_without_100rel);
      case e::received_invite_100rel: return go(s::invited);
      case e::received_prack:
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    case s::calling_without_100rel:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_prack:
      case e::sent_stray_prack: return refused;
      case e::sent_end:
      case e::received_end: return go(s::prack_late);
      case e::received_reliable:
      case e::received_reliable_again:
      case e::received_reliable_gap: return stay(ignore_response);
      case e::received_success:
      case e::received_failure: return go(s::idle);
      case e::received_prack:
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    case s::calling:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_prack:
      case e::sent_stray_prack: return refused;
      case e::sent_end:
      case e::received_end: return go(s::prack_late);
      case e::received_reliable: return go(s::prack_due, send_prack);
      case e::received_reliable_again:
      case e::received_reliable_gap: return stay(ignore_response);
      case e::received_success:
      case e::received_failure: return go(s::idle);
      case e::received_prack:
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    case s::prack_due:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack: return refused;
      case e::sent_prack: return go(s::pracked);
      case e::sent_end:
      case e::received_failure:
      case e::received_end: return go(s::prack_late);
      case e::received_reliable: return go(s::two_pracks_due, send_prack);
      case e::received_reliable_again:
      case e::received_reliable_gap: return stay(ignore_response);
      case e::received_success: return go(s::success_prack_due);
      case e::received_prack:
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      case e::received_prack_failure: return go(s::two_pracks_due);
      default: return stay();
      }
    case s::two_pracks_due:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack: return refused;
      case e::sent_prack: return go(s::prack_due);
      case e::sent_end:
      case e::received_failure:
      case e::received_end: return go(s::prack_late);
      case e::received_reliable:
      case e::received_reliable_again:
      case e::received_reliable_gap: return stay(ignore_response);
      case e::received_success: return go(s::success_two_pracks_due);
      case e::received_prack:
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    case s::pracked:
      switch (on) {
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_prack:
      case e::sent_stray_prack: return refused;
      case e::sent_end:
      case e::received_end: return go(s::prack_late);
      case e::received_reliable: return go(s::prack_due, send_prack);
      case e::received_reliable_again:
      case e::received_reliable_gap: return stay(ignore_response);
      case e::received_success:
      case e::received_failure: return go(s::idle);
      case e::received_prack:
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      case e::received_prack_failure: return go(s::prack_due);
      default: return stay();
      }
    case s::success_prack_due:
      switch (on) {
      case e::sent_invite: return go(s::calling_without_100rel);
      case e::sent_invite_100rel: return go(s::calling);
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack: return refused;
      case e::sent_prack: return go(s::idle);
      case e::sent_end:
      case e::received_end: return go(s::prack_late);
      case e::received_invite: return go(s::invited_without_100rel);
      case e::received_invite_100rel: return go(s::invited);
      case e::received_reliable:
      case e::received_reliable_again:
      case e::received_reliable_gap: return stay(ignore_response);
      case e::received_prack:
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      case e::received_prack_failure: return go(s::success_two_pracks_due);
      default: return stay();
      }
    case s::success_two_pracks_due:
      switch (on) {
      case e::sent_invite: return go(s::calling_without_100rel);
      case e::sent_invite_100rel: return go(s::calling);
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack: return refused;
      case e::sent_prack: return go(s::success_prack_due);
      case e::sent_end:
      case e::received_end: return go(s::prack_late);
      case e::received_invite: return go(s::invited_without_100rel);
      case e::received_invite_100rel: return go(s::invited);
      case e::received_reliable:
      case e::received_reliable_again:
      case e::received_reliable_gap: return stay(ignore_response);
      case e::received_prack:
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    case s::prack_late:
      switch (on) {
      case e::sent_invite: return go(s::calling_without_100rel);
      case e::sent_invite_100rel: return go(s::calling);
      case e::sent_reliable:
      case e::sent_reliable_sdp:
      case e::sent_reliable_again:
      case e::sent_reliable_gap:
      case e::sent_stray_prack: return refused;
      case e::received_invite: return go(s::invited_without_100rel);
      case e::received_invite_100rel: return go(s::invited);
      case e::received_reliable:
      case e::received_reliable_again:
      case e::received_reliable_gap: return stay(ignore_response);
      case e::received_prack:
      case e::received_prack_sdp_left: return stay(answer_prack);
      case e::received_stray_prack: return stay(answer_481);
      default: return stay();
      }
    }
    return stay();
  }
};

struct precondition_by_hand {
  using rule = ctsip::precondition;
  using s = rule::state;
  using e = rule::symbol;
  using enum rule::action;

  s state{};

  template <class... Actions>
  static verdict go(s to, Actions... does) {
    return verdict::go(to, does...);
  }
  template <class... Actions>
  verdict stay(Actions... does) const {
    return verdict::go(state, does...);
  }

  verdict judge(e on) const {
    switch (state) {
    case s::unconditional:
      switch (on) {
      case e::description_unmet:
      case e::received_ringing_unmet: return go(s::suspended, suspend);
      case e::description_met:
      case e::sent_ringing_met:
      case e::received_ringing_met: return go(s::met);
      case e::sent_ringing_unmet:
      case e::sent_success_unmet: return refused;
      case e::sent_success:
      case e::sent_success_met:
      case e::received_success:
      case e::received_success_unmet:
      case e::received_success_met:
      case e::received_crossing_success: return go(s::established);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::suspended:
      switch (on) {
      case e::description_plain: return go(s::unconditional, resume);
      case e::description_met:
      case e::received_ringing_met: return go(s::met, resume);
      case e::sent_ringing:
      case e::sent_ringing_unmet:
      case e::sent_success:
      case e::sent_success_unmet: return refused;
      case e::sent_ringing_met: return go(s::met);
      case e::received_ringing_unmet: return stay(suspend);
      case e::sent_success_met:
      case e::received_success:
      case e::received_success_unmet:
      case e::received_crossing_success: return go(s::established);
      case e::received_success_met: return go(s::established, resume);
      case e::invite_failure: return go(s::unconditional);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::met:
      switch (on) {
      case e::description_plain:
      case e::invite_failure: return go(s::unconditional);
      case e::description_unmet:
      case e::received_ringing_unmet: return go(s::suspended, suspend);
      case e::sent_ringing_unmet:
      case e::sent_success_unmet: return refused;
      case e::sent_success:
      case e::sent_success_met:
      case e::received_success:
      case e::received_success_unmet:
      case e::received_success_met:
      case e::received_crossing_success: return go(s::established);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::established:
      switch (on) {
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::ended:
      switch (on) {
      case e::invite_failure: return go(s::unconditional);
      default: return stay();
      }
    }
    return stay();
  }
};

struct offer_answer_by_hand {
  using rule = ctsip::offer_answer;
  using s = rule::state;
  using e = rule::symbol;
  using enum rule::action;

  s state{};

  template <class... Actions>
  static verdict go(s to, Actions... does) {
    return verdict::go(to, does...);
  }
  template <class... Actions>
  verdict stay(Actions... does) const {
    return verdict::go(state, does...);
  }

  verdict judge(e on) const {
    switch (state) {
    case s::no_session:
      switch (on) {
      case e::sent_invite_sdp: return go(s::sent_offer);
      case e::sent_invite_empty: return go(s::sent_offerless);
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer:
      case e::sent_no_answer: return refused;
      case e::received_invite_sdp: return go(s::received_offer);
      case e::received_invite_empty: return go(s::received_offerless);
      default: return stay();
      }
    case s::agreed:
      switch (on) {
      case e::sent_invite_sdp: return go(s::sent_offer);
      case e::sent_invite_empty: return go(s::sent_offerless);
      case e::sent_ack_sdp:
      case e::sent_prack_sdp:
      case e::sent_answer: return refused;
      case e::sent_update_sdp: return go(s::our_offer);
      case e::received_invite_sdp: return go(s::received_offer);
      case e::received_invite_empty: return go(s::received_offerless);
      case e::received_prack_sdp: return stay(answer_488);
      case e::received_update_sdp: return go(s::their_offer);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::sent_offer:
      switch (on) {
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_491);
      case e::received_reliable_sdp: return go(s::sent_answered, apply_session);
      case e::received_success_sdp: return go(s::agreed, apply_session);
      case e::received_success_empty: return go(s::agreed, acknowledge_and_bye);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::sent_offerless:
      switch (on) {
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty: return stay(answer_491);
      case e::received_reliable_sdp: return go(s::sent_offered);
      case e::received_success_sdp: return go(s::sent_ack_due);
      case e::received_success_empty: return go(s::agreed, acknowledge_and_bye);
      case e::received_update_sdp: return go(s::sent_offerless_their_offer);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::sent_offered:
      switch (on) {
      case e::sent_prack_sdp: return go(s::sent_complete, apply_session);
      case e::sent_prack_empty:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_491);
      case e::received_success_sdp:
      case e::received_success_empty: return go(s::agreed, acknowledge_and_bye);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::sent_answered:
      switch (on) {
      case e::sent_prack_sdp: return go(s::sent_our_offer);
      case e::sent_prack_empty: return go(s::sent_complete);
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_491);
      case e::received_success_sdp:
      case e::received_success_empty: return go(s::agreed);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::sent_complete:
      switch (on) {
      case e::sent_prack_sdp:
      case e::sent_answer: return refused;
      case e::sent_update_sdp: return go(s::sent_our_offer);
      case e::received_invite_sdp:
      case e::received_invite_empty: return stay(answer_491);
      case e::received_success_sdp:
      case e::received_success_empty: return go(s::agreed);
      case e::received_update_sdp: return go(s::sent_their_offer);
      case e::rejection: return go(s::sent_offered, restore_session);
      case e::prack_failure: return go(s::sent_answered);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::sent_ack_due:
      switch (on) {
      case e::sent_ack_sdp: return go(s::agreed, apply_session);
      case e::sent_ack_empty:
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_491);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::sent_our_offer:
      switch (on) {
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_491);
      case e::received_success_sdp:
      case e::received_success_empty: return go(s::our_offer);
      case e::received_answer: return go(s::sent_complete, apply_session);
      case e::received_no_answer:
      case e::rejection: return go(s::sent_complete, restore_session);
      case e::prack_failure: return go(s::sent_answered, restore_session);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::our_offer, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::sent_their_offer:
      switch (on) {
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_no_answer: return refused;
      case e::sent_answer: return go(s::sent_complete, apply_session);
      case e::received_invite_sdp:
      case e::received_invite_empty: return stay(answer_491);
      case e::received_success_sdp:
      case e::received_success_empty: return go(s::their_offer);
      case e::received_update_sdp: return stay(answer_500_retry_after);
      case e::rejection: return go(s::sent_complete, restore_session);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::their_offer, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::sent_offerless_their_offer:
      switch (on) {
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_no_answer: return refused;
      case e::sent_answer: return go(s::sent_offerless, apply_session);
      case e::received_invite_sdp:
      case e::received_invite_empty: return stay(answer_491);
      case e::received_success_sdp:
      case e::received_success_empty: return go(s::their_offer, acknowledge_and_bye);
      case e::received_update_sdp: return stay(answer_500_retry_after);
      case e::rejection: return go(s::sent_offerless, restore_session);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::their_offer, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::received_offer:
      switch (on) {
      case e::sent_reliable_sdp: return go(s::received_answered, apply_session);
      case e::sent_success_sdp: return go(s::agreed, apply_session);
      case e::sent_success_empty:
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_500_retry_after);
      case e::received_prack_sdp: return stay(answer_488);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::received_offerless:
      switch (on) {
      case e::sent_reliable_sdp: return go(s::received_offered);
      case e::sent_reliable_empty:
      case e::sent_preview:
      case e::sent_success_empty:
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::sent_success_sdp: return go(s::received_ack_due);
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_500_retry_after);
      case e::received_prack_sdp: return stay(answer_488);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::received_offered:
      switch (on) {
      case e::sent_reliable_sdp:
      case e::sent_preview:
      case e::sent_success_sdp:
      case e::sent_success_empty:
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_500_retry_after);
      case e::received_prack_sdp: return go(s::received_complete, apply_session);
      case e::received_prack_empty: return stay(answer_488);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::received_answered:
      switch (on) {
      case e::sent_reliable_sdp:
      case e::sent_preview:
      case e::sent_success_sdp:
      case e::sent_success_empty:
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_500_retry_after);
      case e::received_prack_sdp: return go(s::received_their_offer);
      case e::received_prack_empty: return go(s::received_complete);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::received_complete:
      switch (on) {
      case e::sent_reliable_sdp:
      case e::sent_preview:
      case e::sent_success_sdp:
      case e::sent_prack_sdp:
      case e::sent_answer: return refused;
      case e::sent_success_empty: return go(s::agreed);
      case e::sent_update_sdp: return go(s::received_our_offer);
      case e::received_invite_sdp:
      case e::received_invite_empty: return stay(answer_500_retry_after);
      case e::received_prack_sdp: return stay(answer_488);
      case e::received_update_sdp: return go(s::received_their_offer);
      case e::rejection: return go(s::received_offered, restore_session);
      case e::prack_failure: return go(s::received_answered);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::received_ack_due:
      switch (on) {
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_500_retry_after);
      case e::received_ack_sdp: return go(s::agreed, apply_session);
      case e::received_ack_empty: return go(s::agreed, send_bye);
      case e::received_prack_sdp: return stay(answer_488);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::received_our_offer:
      switch (on) {
      case e::sent_reliable_sdp:
      case e::sent_preview:
      case e::sent_success_sdp:
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::sent_success_empty: return go(s::our_offer);
      case e::received_invite_sdp:
      case e::received_invite_empty: return stay(answer_500_retry_after);
      case e::received_prack_sdp: return stay(answer_488);
      case e::received_update_sdp: return stay(answer_491);
      case e::received_answer: return go(s::received_complete, apply_session);
      case e::received_no_answer:
      case e::rejection: return go(s::received_complete, restore_session);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::our_offer, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::received_their_offer:
      switch (on) {
      case e::sent_reliable_sdp:
      case e::sent_preview:
      case e::sent_success_sdp:
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_no_answer: return refused;
      case e::sent_success_empty: return go(s::their_offer);
      case e::sent_answer: return go(s::received_complete, apply_session);
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_500_retry_after);
      case e::received_prack_sdp: return stay(answer_488);
      case e::rejection: return go(s::received_complete, restore_session);
      case e::prack_failure: return go(s::received_answered, restore_session);
      case e::invite_failure: return go(s::no_session);
      case e::reinvite_failure: return go(s::their_offer, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::our_offer:
      switch (on) {
      case e::sent_invite_sdp:
      case e::sent_invite_empty:
      case e::sent_ack_sdp:
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_answer: return refused;
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_491);
      case e::received_prack_sdp: return stay(answer_488);
      case e::received_answer: return go(s::agreed, apply_session);
      case e::received_no_answer:
      case e::rejection: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::their_offer:
      switch (on) {
      case e::sent_invite_sdp:
      case e::sent_invite_empty:
      case e::sent_ack_sdp:
      case e::sent_prack_sdp:
      case e::sent_update_sdp:
      case e::sent_no_answer: return refused;
      case e::sent_answer: return go(s::agreed, apply_session);
      case e::received_invite_sdp:
      case e::received_invite_empty:
      case e::received_update_sdp: return stay(answer_500_retry_after);
      case e::received_prack_sdp: return stay(answer_488);
      case e::rejection: return go(s::agreed, restore_session);
      case e::session_ended: return go(s::ended);
      default: return stay();
      }
    case s::ended:
      switch (on) {
      case e::invite_failure: return go(s::no_session);
      default: return stay();
      }
    }
    return stay();
  }
};

struct session_modification_by_hand {
  using rule = ctsip::session_modification;
  using s = rule::state;
  using e = rule::symbol;
  using enum rule::action;

  s state{};

  template <class... Actions>
  static verdict go(s to, Actions... does) {
    return verdict::go(to, does...);
  }
  template <class... Actions>
  verdict stay(Actions... does) const {
    return verdict::go(state, does...);
  }

  verdict judge(e on) const {
    switch (state) {
    case s::initial:
      switch (on) {
      case e::sent_invite: return go(s::calling);
      case e::received_invite: return go(s::called);
      default: return stay();
      }
    case s::calling:
      switch (on) {
      case e::sent_invite:
      case e::sent_reinvite:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite: return go(s::crossed, answer_491);
      case e::received_success: return go(s::idle);
      case e::received_success_with_offer: return go(s::answer_owed);
      case e::received_failure: return go(s::initial);
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::called:
      switch (on) {
      case e::sent_invite:
      case e::sent_reinvite:
      case e::sent_reinvite_success:
      case e::sent_reinvite_success_with_offer:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_success: return go(s::ack_awaited);
      case e::sent_success_with_offer: return go(s::answer_awaited);
      case e::sent_failure: return go(s::initial);
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_invite:
      case e::received_reinvite:
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::idle:
      switch (on) {
      case e::sent_reinvite: return go(s::modifying);
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite: return go(s::asked);
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::modifying:
      switch (on) {
      case e::sent_reinvite:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite: return go(s::crossed, answer_491);
      case e::received_success: return go(s::idle);
      case e::received_success_with_offer: return go(s::answer_owed);
      case e::received_failure: return go(s::initial);
      case e::received_reinvite_failure: return go(s::idle, roll_back);
      case e::received_glare: return go(s::idle, roll_back, wait_after_glare);
      case e::received_overlap: return go(s::idle, roll_back, wait_retry_after);
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::asked:
      switch (on) {
      case e::sent_reinvite:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_reinvite_success: return go(s::ack_awaited);
      case e::sent_reinvite_success_with_offer: return go(s::answer_awaited);
      case e::sent_reinvite_failure: return go(s::idle);
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite: return go(s::asked_twice, answer_500_retry_after);
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::asked_twice:
      switch (on) {
      case e::sent_reinvite:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_reinvite_success:
      case e::sent_reinvite_success_with_offer: return go(s::rejecting);
      case e::sent_reinvite_failure: return go(s::asked);
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite:
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::answer_owed:
      switch (on) {
      case e::sent_reinvite:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_ack: return go(s::idle);
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite: return go(s::crossed_owing, answer_491);
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::ack_awaited:
      switch (on) {
      case e::sent_reinvite: return go(s::modifying);
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite: return go(s::asked);
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::received_ack: return go(s::idle);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::answer_awaited:
      switch (on) {
      case e::sent_reinvite:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite: return go(s::overtaken, answer_491);
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::received_ack: return go(s::idle);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::crossed:
      switch (on) {
      case e::sent_reinvite:
      case e::sent_reinvite_success:
      case e::sent_reinvite_success_with_offer:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_reinvite_failure: return go(s::modifying);
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite:
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_success: return go(s::rejecting);
      case e::received_success_with_offer: return go(s::crossed_owing);
      case e::received_failure: return go(s::initial);
      case e::received_reinvite_failure: return go(s::rejecting, roll_back);
      case e::received_glare: return go(s::rejecting, roll_back, wait_after_glare);
      case e::received_overlap: return go(s::rejecting, roll_back, wait_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::crossed_owing:
      switch (on) {
      case e::sent_reinvite:
      case e::sent_reinvite_success:
      case e::sent_reinvite_success_with_offer:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_reinvite_failure: return go(s::answer_owed);
      case e::sent_ack: return go(s::rejecting);
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite:
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::rejecting:
      switch (on) {
      case e::sent_reinvite:
      case e::sent_reinvite_success:
      case e::sent_reinvite_success_with_offer:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_reinvite_failure: return go(s::idle);
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite:
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::overtaken:
      switch (on) {
      case e::sent_reinvite:
      case e::sent_reinvite_success:
      case e::sent_reinvite_success_with_offer:
      case e::sent_success_to_rejected:
      case e::sent_success_to_second:
      case e::sent_other_than_491:
      case e::sent_other_than_500: return refused;
      case e::sent_reinvite_failure: return go(s::answer_awaited);
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::received_reinvite:
      case e::received_second_update: return stay(answer_500_retry_after);
      case e::received_update_glare: return stay(wait_after_glare);
      case e::received_update_overlap: return stay(wait_retry_after);
      case e::received_ack: return go(s::asked);
      case e::timer_glare:
      case e::timer_retry_after: return stay(retry_modification);
      default: return stay();
      }
    case s::ended:
      switch (on) {
      case e::sent_failure:
      case e::received_failure: return go(s::initial);
      default: return stay();
      }
    }
    return stay();
  }
};

struct session_timer_by_hand {
  using rule = ctsip::session_timer;
  using s = rule::state;
  using e = rule::symbol;
  using enum rule::action;

  s state{};

  template <class... Actions>
  static verdict go(s to, Actions... does) {
    return verdict::go(to, does...);
  }
  template <class... Actions>
  verdict stay(Actions... does) const {
    return verdict::go(state, does...);
  }

  verdict judge(e on) const {
    switch (state) {
    case s::off:
      switch (on) {
      case e::sent_success_uas:
      case e::received_success_uac:
      case e::received_wrong_success_uac: return go(s::refreshing);
      case e::sent_success_uac:
      case e::received_success_uas:
      case e::received_wrong_success_uas: return go(s::expecting);
      case e::sent_end:
      case e::received_refresh_lost:
      case e::received_end: return go(s::ended);
      case e::sent_below_90:
      case e::sent_misplaced_header:
      case e::sent_without_min_se:
      case e::sent_min_se_too_low:
      case e::sent_interval_below_min_se:
      case e::sent_refresher_without_timer:
      case e::sent_success_overriding:
      case e::sent_success_naming_uac:
      case e::sent_success_longer:
      case e::sent_success_below_min_se:
      case e::sent_422_without_timer:
      case e::sent_422_not_too_small: return refused;
      case e::received_interval_too_small:
      case e::received_interval_below_90: return stay(answer_422);
      case e::received_success_unanswered: return stay(may_refresh_alone);
      case e::received_call_422:
      case e::received_422: return stay(retry_with_min_se);
      default: return stay();
      }
    case s::refreshing:
      switch (on) {
      case e::sent_success_uac:
      case e::received_success_uas:
      case e::received_wrong_success_uas: return go(s::expecting);
      case e::sent_success_off:
      case e::sent_call_failure:
      case e::received_success_off:
      case e::received_call_failure: return go(s::off);
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::sent_below_90:
      case e::sent_misplaced_header:
      case e::sent_without_min_se:
      case e::sent_min_se_too_low:
      case e::sent_interval_below_min_se:
      case e::sent_refresher_without_timer:
      case e::sent_success_overriding:
      case e::sent_success_naming_uac:
      case e::sent_success_longer:
      case e::sent_success_below_min_se:
      case e::sent_422_without_timer:
      case e::sent_422_not_too_small: return refused;
      case e::received_interval_too_small:
      case e::received_interval_below_90: return stay(answer_422);
      case e::received_success_unanswered: return go(s::off, may_refresh_alone);
      case e::received_call_422: return go(s::off, retry_with_min_se);
      case e::received_422: return stay(retry_with_min_se);
      case e::received_refresh_lost: return go(s::ended, send_bye);
      case e::timer_session_refresh: return stay(send_refresh);
      default: return stay();
      }
    case s::expecting:
      switch (on) {
      case e::sent_success_uas:
      case e::received_success_uac:
      case e::received_wrong_success_uac: return go(s::refreshing);
      case e::sent_success_off:
      case e::sent_call_failure:
      case e::received_success_off:
      case e::received_call_failure: return go(s::off);
      case e::sent_end:
      case e::received_end: return go(s::ended);
      case e::sent_below_90:
      case e::sent_misplaced_header:
      case e::sent_without_min_se:
      case e::sent_min_se_too_low:
      case e::sent_interval_below_min_se:
      case e::sent_refresher_without_timer:
      case e::sent_success_overriding:
      case e::sent_success_naming_uac:
      case e::sent_success_longer:
      case e::sent_success_below_min_se:
      case e::sent_422_without_timer:
      case e::sent_422_not_too_small: return refused;
      case e::received_interval_too_small:
      case e::received_interval_below_90: return stay(answer_422);
      case e::received_success_unanswered: return go(s::off, may_refresh_alone);
      case e::received_call_422: return go(s::off, retry_with_min_se);
      case e::received_422: return stay(retry_with_min_se);
      case e::received_refresh_lost: return go(s::ended, send_bye);
      case e::timer_session_expiration: return stay(send_bye);
      default: return stay();
      }
    case s::ended:
      switch (on) {
      case e::sent_call_failure:
      case e::received_call_failure:
      case e::received_call_422: return go(s::off);
      default: return stay();
      }
    }
    return stay();
  }
};

} // namespace bench::call
