// Calls as objects of the type of their state: each has the operations that are legal there.
//
//   using agent = ctsip::endpoint<ctsip::endpoint_size{}>;
//   using my = ctsip::calls<agent>;
//
//   struct desk {
//     void on(my::incoming& c) { … c.ring(now); … c.answer(session, now); }
//     void on(my::established& c, user_event const& e) {
//       if (e.kind == user_event_kind::modification) c.accept_modification(session, now);
//       …c.modify(session, now); … c.hang_up(now);
//     }
//     …                          // on(outgoing&), on(early&), on(ended&)
//     void on(my::request& r, user_event const& e) { … r.respond({.status = 200}, now); }
//     void on(my::response&, user_event const& e) { …e.status, e.request… }
//   };
//
//   for (user_event e; a.poll_event(e);) dispatch(a, e, the_desk);
//
// A handler set that forgets a state does not compile, nor does an operation that breaks a rule in
// that state: the error is the rule's sentence. An operation that an RFC tells to wait is deferred.
// A handle may be kept; what the network has overtaken is `gone`, whenever it is asked for.
// Read endpoint.hpp before it.
#pragma once

#include <ctsip/user_agent/endpoint.hpp>
#include <ctsip/user_agent/handle.hpp>

namespace ctsip {

namespace detail {

// What all handles have in common.
template <class Agent>
class call_reference {
 public:
  constexpr explicit call_reference(Agent& agent, call_handle call) : agent_(&agent), call_(call) {}

  /// The call's name, to find it again.
  constexpr call_handle handle() const { return call_; }
  /// How far the call is by now.
  constexpr call_state state() const { return agent_->state(call_); }
  /// The user's own of it, `Traits::call_data` of the agent; there still with its last event, null
  /// later.
  constexpr auto* data() const { return agent_->data(call_); }

 protected:
  constexpr Agent& agent() const { return *agent_; }

 private:
  Agent* agent_;
  call_handle call_;
};

// What both sides of a session can do with it, early or established.
template <class Agent>
class session_reference : public call_reference<Agent> {
 public:
  using call_reference<Agent>::call_reference;

  /// The Contact of the call's messages from now on: a GRUU (RFC 5627 4.4), one account of several.
  /// It must outlive the call. `unwritable` if it is no URI, or no SIPS URI where the call is to
  /// have one (RFC 3261 12.1.1).
  constexpr act_result set_contact(lasting_text contact) const {
    return result_of(this->agent().set_contact(this->handle(), contact));
  }
  /// Offers another session, which hold and resume are too (RFC 3264 8.4): a re-INVITE once the
  /// call is answered, an UPDATE before. "If there is an ongoing INVITE client transaction, the TU
  /// MUST wait until the transaction reaches the completed or terminated state before initiating
  /// the new INVITE" (RFC 3261 14.1): it is deferred, as it is after a 491. `modified` or
  /// `unmodified` tells what has become of it. In an established call, and nowhere else, no session
  /// at all asks the other side for an offer, which is `offered` (14.1).
  constexpr act_result modify(message_body const& session, instant now) const
      requires(Agent::modifies_sessions) {
    return result_of(this->agent().modify(this->handle(), session, now));
  }
  /// Takes a `modify` back that has no final response (RFC 3261 9.1): CANCEL, which waits for a
  /// provisional response. `unmodified` with 487 tells that the session is what it was, `modified`
  /// that the other side was faster. `gone` if there is nothing that a CANCEL is for.
  constexpr act_result cancel_modification(instant now) const requires(Agent::modifies_sessions) {
    return result_of(this->agent().cancel_modification(this->handle(), now));
  }
  /// Accepts what a `modification` offers, with the answer (RFC 3261 14.2, RFC 3311 5.2).
  constexpr act_result accept_modification(message_body const& session, instant now) const
      requires(Agent::modifies_sessions) {
    return result_of(this->agent().accept_modification(this->handle(), session, now));
  }
  /// Refuses it with a final response from 300 to 699; the session stays as it is (RFC 3261 14.2).
  constexpr act_result reject_modification(status_code status, instant now) const
      requires(Agent::modifies_sessions) {
    return result_of(this->agent().reject_modification(this->handle(), status, now));
  }
  /// Sends a request in the call that changes nothing of it: `request<method::info>(…)`. A
  /// `response` tells what has come of it. No handle if the call has no dialog, or no place or
  /// transaction is free.
  template <method Method>
  [[nodiscard]] constexpr request_handle request(call_request out, instant now) const {
    static_assert(is_for_user(Method),
                  "a request of a call that has an operation of its own, or needs none "
                  "(RFC 3261 13.2.2.4, 14.1, 15.1.1)");
    out.method = Method;
    return this->agent().request(this->handle(), out, now);
  }
};

// A request that is the user's.
template <class Agent>
class request_reference {
 public:
  constexpr explicit request_reference(Agent& agent, request_handle request)
      : agent_(&agent), request_(request) {}

  /// Its name, to find it again.
  constexpr request_handle handle() const { return request_; }

 protected:
  constexpr Agent& agent() const { return *agent_; }

 private:
  Agent* agent_;
  request_handle request_;
};

// What nobody can do with a call of ours before its final response.
template <class Reference>
class without_answer : public Reference {
 public:
  using Reference::Reference;

  template <class... Arguments>
  void ack(Arguments&&...) const {
    static_assert(detail::never<Arguments...>,
                  "ACK before a final response to the INVITE (RFC 3261 13.2.2.4)");
  }
  template <class... Arguments>
  void ring(Arguments&&...) const {
    static_assert(detail::never<Arguments...>, "a response without an INVITE (RFC 3261 13.3.1)");
  }
  template <class... Arguments>
  void answer(Arguments&&...) const {
    static_assert(detail::never<Arguments...>, "a response without an INVITE (RFC 3261 13.3.1)");
  }
  template <class... Arguments>
  void reject(Arguments&&...) const {
    static_assert(detail::never<Arguments...>, "a response without an INVITE (RFC 3261 13.3.1)");
  }
};

// What nobody can do with an INVITE that has its final response.
template <class Reference>
class answered : public Reference {
 public:
  using Reference::Reference;

  template <class... Arguments>
  void ack(Arguments&&...) const {
    static_assert(detail::never<Arguments...>,
                  "a second ACK to one 2xx: it is sent again when the 2xx comes again "
                  "(RFC 3261 13.2.2.4)");
  }
  template <class... Arguments>
  void cancel(Arguments&&...) const {
    static_assert(detail::never<Arguments...>,
                  "CANCEL after a final response to the INVITE: SHOULD NOT be sent (RFC 3261 9.1, "
                  "RFC 5407 3.1.2)");
  }
};

} // namespace detail

/// The handles of an agent's calls, a type for each state. They refer to the agent and own nothing.
///
/// What an operation returns:
///  - `done`: the message is on its way;
///  - `deferred`: an RFC tells it to wait, or no transaction is free; it is done as soon as it may;
///  - `gone`: the call has ended or gone on in the meantime, and there is nothing left to do;
///  - `refused`: it is not for this moment: the answer is missing, or the status code is no such;
///  - `unwritable`: the message does not fit, or a text of it, or of the settings, cannot stand
///    there.
///    Nothing was sent, except that a call that is rejected is over all the same.
///
/// Operations that no rule allows in a state are there to say why: to ask for one does not compile.
/// They return `void`, so that a concept which asks for an `act_result` does not find them.
///
/// A callee's early dialog has no other operations than its `incoming` call, and is one.
template <class Agent>
struct calls {
  class ended;
  class established;

  /// A call of ours; nobody has rung yet.
  class outgoing : public detail::without_answer<detail::call_reference<Agent>> {
    using base = detail::without_answer<detail::call_reference<Agent>>;

   public:
    using base::base;

    /// Gives the call up: CANCEL. "If no provisional response has been received, the CANCEL request
    /// MUST NOT be sent; rather, the client MUST wait for the arrival of a provisional response
    /// before sending the request" (RFC 3261 9.1): it is deferred. If a 2xx comes instead, the call
    /// is ended by a BYE.
    constexpr act_result cancel(instant now) const {
      return detail::result_of(this->agent().cancel(this->handle(), now));
    }
    /// The same, and ends the call if it has been answered in the meantime.
    constexpr act_result hang_up(instant now) const {
      return detail::result_of(this->agent().hang_up(this->handle(), now));
    }

    template <class... Arguments>
    void bye(Arguments&&...) const {
      static_assert(detail::never<Arguments...>, "BYE outside a dialog (RFC 3261 15)");
    }
    template <class... Arguments>
    void modify(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a request within a dialog that does not exist (RFC 3261 12.2)");
    }
    template <method Method, class... Arguments>
    void request(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a request within a dialog that does not exist (RFC 3261 12.2)");
    }
  };

  /// Somebody calls, and has no final response yet.
  class incoming : public detail::session_reference<Agent> {
    using base = detail::session_reference<Agent>;

   public:
    using base::base;

    /// Sends a 101-199: 180 Ringing, or with a preview of the media 183 (RFC 3261 13.3.1.1). A
    /// reliable one has the answer itself, or the offer, and is sent again until its PRACK comes,
    /// which `acknowledged` tells (RFC 3262 3); until then the next one is deferred, and reliable.
    constexpr act_result ring(instant now, status_code status = 180,
                              message_body const& preview = {},
                              reliability how = reliability::unreliable) const {
      return detail::result_of(this->agent().ring(this->handle(), now, status, preview, how));
    }
    /// Accepts the call with 200 and a session description (RFC 3261 13.3.1.4). "If the UAS had
    /// placed a session description in any reliable provisional response that is unacknowledged
    /// when the INVITE is accepted, the UAS MUST delay sending the 2xx until the provisional
    /// response is acknowledged" (RFC 3262 5): it is deferred.
    constexpr act_result answer(message_body const& session, instant now) const {
      return detail::result_of(this->agent().answer(this->handle(), session, now));
    }
    /// Refuses the call with a final response from 300 to 699 (RFC 3261 13.3.1.3).
    constexpr act_result reject(status_code status, instant now,
                                call_rejection const& with = {}) const {
      return detail::result_of(this->agent().reject(this->handle(), status, now, with));
    }

    template <class... Arguments>
    void ack(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "ACK to an INVITE that the other side has sent (RFC 3261 13.2.2.4)");
    }
    template <class... Arguments>
    void cancel(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "CANCEL of a request other than INVITE: SHOULD NOT be sent (RFC 3261 9.1)");
    }
    template <class... Arguments>
    void bye(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "BYE by the callee in an early dialog (RFC 3261 15)");
    }
    template <class... Arguments>
    void hang_up(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "BYE by the callee in an early dialog (RFC 3261 15)");
    }
  };

  /// A call of ours, and the other side has rung.
  class early : public detail::without_answer<detail::session_reference<Agent>> {
    using base = detail::without_answer<detail::session_reference<Agent>>;

   public:
    using base::base;

    /// Gives the call up: CANCEL (RFC 3261 9.1). If a 2xx has crossed it, the call is ended by a
    /// BYE.
    constexpr act_result cancel(instant now) const {
      return detail::result_of(this->agent().cancel(this->handle(), now));
    }
    /// The same, and ends the call if it has been answered in the meantime.
    constexpr act_result hang_up(instant now) const {
      return detail::result_of(this->agent().hang_up(this->handle(), now));
    }
    /// Answers what has been `offered`: by a reliable 1xx, in its PRACK (RFC 3262 5), or by the
    /// 2xx, in its ACK (RFC 3261 13.2.2.4).
    constexpr act_result acknowledge(message_body const& session, instant now) const {
      return detail::result_of(this->agent().acknowledge(this->handle(), session, now));
    }
  };

  /// A call with a session, by whichever side.
  class established : public detail::answered<detail::session_reference<Agent>> {
    using base = detail::answered<detail::session_reference<Agent>>;

   public:
    using base::base;

    /// Ends the call: BYE. "The callee's UA MUST NOT send a BYE on a confirmed dialog until it has
    /// received an ACK for its 2xx response or until the server transaction times out" (RFC 3261
    /// 15): it is deferred.
    constexpr act_result hang_up(instant now) const {
      return detail::result_of(this->agent().hang_up(this->handle(), now));
    }
    /// Answers what has been `offered` after a `modify` without a session: in the ACK (RFC 3261
    /// 13.2.2.4) or, to a reliable 1xx, in the PRACK (RFC 3262 5). `gone` if nothing is.
    constexpr act_result acknowledge(message_body const& session, instant now) const
        requires(Agent::modifies_sessions) {
      return detail::result_of(this->agent().acknowledge(this->handle(), session, now));
    }
    /// The message that the call comes from: the INVITE received, or the 2xx. Later descriptions
    /// are in the events only. Empty once the call has ended.
    constexpr message session_message() const {
      return this->agent().session_message(this->handle());
    }

    template <class... Arguments>
    void ring(Arguments&&...) const {
      static_assert(detail::never<Arguments...>, "a provisional response after the final response "
                                                 "(RFC 3261 17.2.1, RFC 6026 8.6)");
    }
    template <class... Arguments>
    void answer(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a second final response to one INVITE (RFC 3261 17.2.1, RFC 6026 8.6)");
    }
    template <class... Arguments>
    void reject(Arguments&&...) const {
      static_assert(detail::never<Arguments...>, "a second, different final response to one INVITE "
                                                 "(RFC 3261 17.2.1, RFC 6026 8.6)");
    }
  };

  /// A call that is over. There is nothing to be done with it.
  class ended : public detail::answered<detail::call_reference<Agent>> {
    using base = detail::answered<detail::call_reference<Agent>>;

   public:
    using base::base;

    template <class... Arguments>
    void hang_up(Arguments&&...) const {
      static_assert(detail::never<Arguments...>, "a request in an INVITE usage that has ended "
                                                 "(RFC 3261 12.3, RFC 3261 15, RFC 5407 D)");
    }
    template <class... Arguments>
    void bye(Arguments&&...) const {
      static_assert(detail::never<Arguments...>, "a request in an INVITE usage that has ended "
                                                 "(RFC 3261 12.3, RFC 3261 15, RFC 5407 D)");
    }
    template <class... Arguments>
    void modify(Arguments&&...) const {
      static_assert(detail::never<Arguments...>, "a request in an INVITE usage that has ended "
                                                 "(RFC 3261 12.3, RFC 3261 15, RFC 5407 D)");
    }
    template <method Method, class... Arguments>
    void request(Arguments&&...) const {
      static_assert(detail::never<Arguments...>, "a request in an INVITE usage that has ended "
                                                 "(RFC 3261 12.3, RFC 3261 15, RFC 5407 D)");
    }
    template <class... Arguments>
    void ring(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a response in a transaction that has ended (RFC 3261 17.2.1)");
    }
    template <class... Arguments>
    void answer(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a response in a transaction that has ended (RFC 3261 17.2.1)");
    }
    template <class... Arguments>
    void reject(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a response in a transaction that has ended (RFC 3261 17.2.1)");
    }
  };

  /// A request of the other side, in a call (`e.call`) or outside, that awaits an answer.
  class request : public detail::request_reference<Agent> {
   public:
    using detail::request_reference<Agent>::request_reference;

    /// Answers it with a final response (RFC 3261 8.2.6).
    constexpr act_result respond(request_answer const& with, instant now) const {
      return detail::result_of(this->agent().respond(this->handle(), with, now));
    }
  };

  /// A request of ours that has a response, in `e.status`: the last one unless it is provisional.
  class response : public detail::request_reference<Agent> {
   public:
    using detail::request_reference<Agent>::request_reference;
  };
};

/// Whether a handler set has a handler for a state: `on(call&)`, or `on(call&, user_event const&)`
/// for one that wants the status code or the message as well.
template <class Handlers, class Call>
concept handles = detail::has_handler<Handlers, Call, user_event>;

namespace detail {

// One error for each state that is missing, and no other.
template <class Agent, class Handlers>
constexpr void require_all_states() {
  using all = calls<Agent>;
  static_assert(handles<Handlers, typename all::outgoing>,
                "the handler set has no public on(outgoing&), alone or with its event");
  static_assert(handles<Handlers, typename all::incoming>,
                "the handler set has no public on(incoming&), alone or with its event");
  static_assert(handles<Handlers, typename all::early>,
                "the handler set has no public on(early&), alone or with its event");
  static_assert(handles<Handlers, typename all::established>,
                "the handler set has no public on(established&), alone or with its event");
  static_assert(handles<Handlers, typename all::ended>,
                "the handler set has no public on(ended&), alone or with its event");
  if constexpr (Agent::most_requests != 0) {
    static_assert(handles<Handlers, typename all::request>,
                  "the handler set has no public on(request&), alone or with its event");
    static_assert(handles<Handlers, typename all::response>,
                  "the handler set has no public on(response&), alone or with its event");
  }
}

template <class Agent, class Handlers>
constexpr void hand_over(Agent& agent, call_handle call, call_state s, user_event const& e,
                         Handlers& h) {
  require_all_states<Agent, Handlers>();
  using all = calls<Agent>;
  switch (s) {
  case call_state::outgoing: return hand_over(h, typename all::outgoing{agent, call}, e);
  case call_state::incoming: return hand_over(h, typename all::incoming{agent, call}, e);
  case call_state::early: return hand_over(h, typename all::early{agent, call}, e);
  case call_state::established: return hand_over(h, typename all::established{agent, call}, e);
  case call_state::ended: return hand_over(h, typename all::ended{agent, call}, e);
  }
}

constexpr call_state state_after(user_event const& e) {
  switch (e.kind) {
  case user_event_kind::incoming: return call_state::incoming;
  // A 100 comes from the next hop and begins no dialog; one may be there.
  case user_event_kind::provisional:
    return e.status == 100 || e.state == call_state::established ? e.state : call_state::early;
  case user_event_kind::answered:
  case user_event_kind::confirmed: return call_state::established;
  case user_event_kind::offered:
  case user_event_kind::acknowledged:
  case user_event_kind::modification:
  case user_event_kind::modified:
  case user_event_kind::unmodified:
  case user_event_kind::request:
  case user_event_kind::response: return e.state;
  case user_event_kind::rejected:
  case user_event_kind::cancelled:
  case user_event_kind::ended:
  case user_event_kind::failed: break;
  }
  return call_state::ended;
}

} // namespace detail

/// Hands an event to the handler for the state that it has brought the call to. The event's message
/// is not to be read after its datagram is gone.
template <class Agent, class Handlers>
constexpr void dispatch(Agent& agent, user_event const& e, Handlers&& handlers) {
  if constexpr (Agent::most_requests != 0) {
    if (e.kind == user_event_kind::request)
      return detail::hand_over(handlers, typename calls<Agent>::request{agent, e.request}, e);
    if (e.kind == user_event_kind::response)
      return detail::hand_over(handlers, typename calls<Agent>::response{agent, e.request}, e);
  }
  detail::hand_over(agent, e.call, detail::state_after(e), e, handlers);
}

/// Hands a call to the handler for the state that it is in by now.
template <class Agent, class Handlers>
constexpr void dispatch(Agent& agent, call_handle call, Handlers&& handlers) {
  detail::hand_over(agent, call, agent.state(call), {}, handlers);
}

/// Places a call (RFC 3261 13.2.1). Without a `handle()` nothing was sent, which the handle's
/// `reason()` says more of, and every operation is `gone`.
template <class Agent>
[[nodiscard]] constexpr typename calls<Agent>::outgoing
place(Agent& agent, outgoing_call const& out, instant now) {
  return typename calls<Agent>::outgoing{agent, agent.call(out, now)};
}

} // namespace ctsip
