// Registrations as objects of the type of their state: each has the operations that are legal
// there.
//
//   using agent = ctsip::registrant<my_hashes, my_passwords>;
//   using my = ctsip::registrations<agent>;
//
//   struct phone {
//     void on(my::challenged& r) { … r.authorize(ctsip::digest_login::with_password(…), now); }
//     void on(my::registered& r, registrant_event const& e) { … r.until() … r.refresh(now); }
//     …  // on(unregistered&), on(registering&), on(waiting&), on(rejected&)
//   };
//
//   for (registrant_event e; a.poll_event(e);) dispatch(a, e, the_phone);
//
// A handler set that forgets a state does not compile, nor does an operation that breaks a rule in
// that state: the error is the rule's sentence. An operation that an RFC tells to wait is deferred.
// A handle may be kept; what the network has overtaken is `gone`, whenever it is asked for.
// Read registrant.hpp before it.
#pragma once

#include <ctsip/user_agent/handle.hpp>
#include <ctsip/user_agent/registrant.hpp>

namespace ctsip {

namespace detail {

// What all handles have in common.
template <class Agent>
class registration_reference {
 public:
  constexpr explicit registration_reference(Agent& agent, registration_handle registration)
      : agent_(&agent), registration_(registration) {}

  /// The registration's name, to find it again.
  constexpr registration_handle handle() const { return registration_; }
  /// How far the registration is by now.
  constexpr registration_status state() const {
    return agent_->registrations().state(registration_);
  }
  /// Asks which bindings there are (RFC 3261 10.2.3): `fetched`, or `failed`. Deferred while
  /// another REGISTER is pending, needs credentials or has to wait.
  constexpr act_result fetch(instant now) const {
    return detail::result_of(agent_->fetch(registration_, now));
  }

 protected:
  constexpr Agent& agent() const { return *agent_; }

 private:
  Agent* agent_;
  registration_handle registration_;
};

// What nobody can do without a challenge.
template <class Agent>
class without_challenge : public registration_reference<Agent> {
 public:
  using registration_reference<Agent>::registration_reference;

  template <class... Arguments>
  void authorize(Arguments&&...) const {
    static_assert(never<Arguments...>,
                  "an answer to a challenge (401 or 407) that was not received (RFC 3261 22.2)");
  }
  template <class... Arguments>
  void resynchronise(Arguments&&...) const {
    static_assert(never<Arguments...>,
                  "a synchronisation failure (auts) that answers no challenge (RFC 3310 2, 3.4)");
  }
};

// What can be done only with a binding.
template <class Agent>
class without_binding : public without_challenge<Agent> {
 public:
  using without_challenge<Agent>::without_challenge;

  /// Removes all bindings of the address-of-record, whoever has made them: `Contact: *` (RFC 3261
  /// 10.2.2).
  constexpr act_result remove_all(instant now) const {
    return detail::result_of(this->agent().remove_all(this->handle(), now));
  }
  template <class... Arguments>
  void refresh(Arguments&&...) const {
    static_assert(never<Arguments...>,
                  "a refresh of a binding that is not there (RFC 3261 10.2.4)");
  }
};

// Nothing is kept of a login.
constexpr act_result result_with_login(sending s) {
  return s == sending::full ? act_result::full : result_of(s);
}

} // namespace detail

/// The handles of an agent's registrations, a type for each state. They refer to the agent and own
/// nothing.
///
/// What an operation returns:
///  - `done`: the REGISTER is on its way;
///  - `deferred`: an RFC tells it to wait, no transaction is free, or nobody knows the credentials
///    (`challenged` comes then); it is done as soon as it may;
///  - `gone`: the registration has gone on in the meantime, and there is nothing left to do;
///  - `unwritable`: a text of it cannot stand in a message;
///  - `refused`: the REGISTER would be the one that was answered 403;
///  - `full`: no transaction is free, and the login, which is not kept, is to be given again.
///
/// Operations that no rule allows in a state are there to say why: to ask for one does not compile.
/// They return `void`, so that a concept which asks for an `act_result` does not find them.
template <class Agent>
struct registrations {
  /// There is no binding, and none is asked for.
  class unregistered : public detail::without_binding<Agent> {
    using base = detail::without_binding<Agent>;

   public:
    using base::base;

    /// Asks for a binding (RFC 3261 10.2.1).
    constexpr act_result add(instant now) const {
      return detail::result_of(this->agent().add(this->handle(), now));
    }
    template <class... Arguments>
    void remove(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a removal of a binding that is not there (RFC 3261 10.2.2)");
    }
  };

  /// A REGISTER is under way, and there is no binding yet.
  class registering : public detail::without_challenge<Agent> {
    using base = detail::without_challenge<Agent>;

   public:
    using base::base;

    /// Wants no binding any more. "UAs MUST NOT send a new registration […] until they have
    /// received a final response from the registrar for the previous one" (RFC 3261 10.2): it is
    /// deferred.
    constexpr act_result remove(instant now) const {
      return detail::result_of(this->agent().remove(this->handle(), now));
    }

    template <class... Arguments>
    void add(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a REGISTER that changes bindings while another one is pending "
                    "(RFC 3261 10.2, RFC 5626 4.2.1)");
    }
    template <class... Arguments>
    void refresh(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a REGISTER that changes bindings while another one is pending "
                    "(RFC 3261 10.2, RFC 5626 4.2.1)");
    }
  };

  /// The registrar or a proxy asks for credentials that nobody has given, or has refused those that
  /// it was given. A binding, if there was one, is still there.
  class challenged : public detail::registration_reference<Agent> {
    using base = detail::registration_reference<Agent>;

   public:
    using base::base;

    /// What is asked for: realm and algorithm, for AKA RAND and AUTN.
    constexpr digest_question challenge() const {
      return this->agent().registrations().challenge(this->handle());
    }
    /// Sends the REGISTER again (RFC 3261 22.2), with what the look-up knows by now.
    constexpr act_result authorize(instant now) const {
      return detail::result_of(this->agent().authorize(this->handle(), now));
    }
    /// The same with a login for this one request: a password just typed, the SIM's answer.
    constexpr act_result authorize(digest_login const& login, instant now) const {
      return detail::result_with_login(this->agent().authorize(this->handle(), now, login));
    }
    /// Tells that the SIM finds the sequence number out of range (RFC 3310 3.4).
    constexpr act_result resynchronise(std::string_view username, std::string_view auts,
                                       instant now) const {
      return detail::result_with_login(
          this->agent().resynchronise(this->handle(), username, auts, now));
    }
    /// Gives up. A binding that is there is removed, which may be challenged as well.
    constexpr act_result remove(instant now) const {
      return detail::result_of(this->agent().remove(this->handle(), now));
    }

    template <class... Arguments>
    void add(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a retry with the credentials that have just been rejected, or with none: "
                    "authorize (RFC 3261 22.1, 22.2)");
    }
    template <class... Arguments>
    void refresh(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a retry with the credentials that have just been rejected, or with none: "
                    "authorize (RFC 3261 22.1, 22.2)");
    }
  };

  /// The registrar holds the binding.
  class registered : public detail::without_challenge<Agent> {
    using base = detail::without_challenge<Agent>;

   public:
    using base::base;

    /// When the binding expires, unless it is refreshed, which happens by itself.
    constexpr instant until() const { return this->agent().registrations().until(this->handle()); }
    /// Refreshes it before its time (RFC 3261 10.2.4). Deferred while another REGISTER is pending,
    /// or after a failed one until it may be tried again (10.2.7).
    constexpr act_result refresh(instant now) const {
      return detail::result_of(this->agent().refresh(this->handle(), now));
    }
    /// Removes it (RFC 3261 10.2.2); deferred as `refresh` is.
    constexpr act_result remove(instant now) const {
      return detail::result_of(this->agent().remove(this->handle(), now));
    }
    /// Removes all bindings of the address-of-record: `Contact: *` (RFC 3261 10.2.2).
    constexpr act_result remove_all(instant now) const {
      return detail::result_of(this->agent().remove_all(this->handle(), now));
    }

    template <class... Arguments>
    void add(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "an addition of a binding that is there: refresh it (RFC 3261 10.2.4)");
    }
  };

  /// The attempt has failed, and is made again by itself. There is no binding.
  class waiting : public detail::without_binding<Agent> {
    using base = detail::without_binding<Agent>;

   public:
    using base::base;

    /// Asks for it once more. "The UA MUST wait for at least the value of the retry delay time
    /// before trying another registration" (RFC 5626 4.5; RFC 3261 10.2.7): it is deferred, unless
    /// the registrar has answered, and without a Retry-After.
    constexpr act_result add(instant now) const {
      return detail::result_of(this->agent().add(this->handle(), now));
    }
    /// Wants no binding any more; `unregistered` follows.
    constexpr act_result remove(instant now) const {
      return detail::result_of(this->agent().remove(this->handle(), now));
    }
  };

  /// The attempt has failed for good. There is no binding.
  class rejected : public detail::registration_reference<Agent> {
    using base = detail::registration_reference<Agent>;

   public:
    using base::base;

    /// Makes another attempt, when what was wrong has been put right. After a 403 the same REGISTER
    /// with the same credentials "SHOULD NOT be repeated" (RFC 3261 21.4.4): `refused`.
    constexpr act_result add(instant now) const {
      return detail::result_of(this->agent().add(this->handle(), now));
    }

    template <class... Arguments>
    void authorize(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a retry with the credentials that have just been rejected "
                    "(RFC 3261 22.1, RFC 7616 3.3)");
    }
    template <class... Arguments>
    void resynchronise(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a synchronisation failure (auts) that answers no challenge "
                    "(RFC 3310 2, 3.4)");
    }
    template <class... Arguments>
    void refresh(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a refresh of a binding that is not there (RFC 3261 10.2.4)");
    }
    template <class... Arguments>
    void remove(Arguments&&...) const {
      static_assert(detail::never<Arguments...>,
                    "a removal of a binding that is not there (RFC 3261 10.2.2)");
    }
  };
};

/// Whether a handler set has a handler for a state: `on(state&)`, or `on(state&, registrant_event
/// const&)` for one that wants the status code or the message as well.
template <class Handlers, class State>
concept handles_registration = detail::has_handler<Handlers, State, registrant_event>;

namespace detail {

// One error for each state that is missing, and no other.
template <class Agent, class Handlers>
constexpr void require_all_registration_states() {
  using all = registrations<Agent>;
  static_assert(handles_registration<Handlers, typename all::unregistered>,
                "the handler set has no public on(unregistered&), alone or with its event");
  static_assert(handles_registration<Handlers, typename all::registering>,
                "the handler set has no public on(registering&), alone or with its event");
  static_assert(handles_registration<Handlers, typename all::challenged>,
                "the handler set has no public on(challenged&), alone or with its event");
  static_assert(handles_registration<Handlers, typename all::registered>,
                "the handler set has no public on(registered&), alone or with its event");
  static_assert(handles_registration<Handlers, typename all::waiting>,
                "the handler set has no public on(waiting&), alone or with its event");
  static_assert(handles_registration<Handlers, typename all::rejected>,
                "the handler set has no public on(rejected&), alone or with its event");
}

template <class Agent, class Handlers>
constexpr void hand_over(Agent& agent, registration_handle r, registration_status s,
                         registrant_event const& e, Handlers& h) {
  require_all_registration_states<Agent, Handlers>();
  using all = registrations<Agent>;
  switch (s) {
  case registration_status::unregistered:
    return hand_over(h, typename all::unregistered{agent, r}, e);
  case registration_status::registering:
    return hand_over(h, typename all::registering{agent, r}, e);
  case registration_status::challenged: return hand_over(h, typename all::challenged{agent, r}, e);
  case registration_status::registered: return hand_over(h, typename all::registered{agent, r}, e);
  case registration_status::waiting: return hand_over(h, typename all::waiting{agent, r}, e);
  case registration_status::rejected: return hand_over(h, typename all::rejected{agent, r}, e);
  }
}

} // namespace detail

/// Hands an event to the handler for the state that it has brought the registration to. The event's
/// message is not to be read after its datagram is gone.
template <class Agent, class Handlers>
constexpr void dispatch(Agent& agent, registrant_event const& e, Handlers&& handlers) {
  detail::hand_over(agent, e.registration, e.state, e, handlers);
}

/// Hands a registration to the handler for the state that it is in by now.
template <class Agent, class Handlers>
constexpr void dispatch(Agent& agent, registration_handle registration, Handlers&& handlers) {
  detail::hand_over(agent, registration, agent.registrations().state(registration), {}, handlers);
}

/// Asks for a binding (RFC 3261 10.2.1). Without a `handle()` nothing was sent, which the handle's
/// `reason()` says more of, and every operation is `gone`.
template <class Agent>
[[nodiscard]] constexpr typename registrations<Agent>::registering
register_with(Agent& agent, outgoing_registration const& wanted, instant now) {
  return typename registrations<Agent>::registering{agent, agent.add(wanted, now)};
}

} // namespace ctsip
