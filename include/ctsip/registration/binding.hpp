// A binding on the registrar's side: one Contact of one address-of-record, or in RFC 5626 one flow
// of one instance, through the REGISTER requests that add, update and remove it and the expiry that
// ends it. RFC 3261 10.3, RFC 3327 5.3, RFC 5626 6. Read machine/table.hpp before it.
//
// "REGISTER requests MUST also be processed atomically, meaning that a particular REGISTER request
// is either processed completely or not at all" (10.3). So a request is walked through twice: first
// each Contact that it names makes a step, which is tentative, in the machine of its binding; then
// every binding of the address-of-record makes the step `commit`, or if one has failed `roll_back`.
#pragma once

#include <cstdint>

#include <ctsip/machine/table.hpp>

namespace ctsip {

/// What a REGISTER says of one binding, compared with what is stored of it.
struct binding_update {
  bool removes{}; ///< an expiration of zero, or a Contact of "*"
  /// "the Call-ID value in the existing binding differs from the Call-ID value in the request"; so
  /// it does where there is no binding.
  bool same_call_id{};
  bool higher_cseq{}; ///< than the value stored; does not matter with another Call-ID
};

/// Definition of a binding as its registrar keeps it.
///
/// Choices, where the RFCs leave one:
///  1. A request that names a Contact twice is one request: its CSeq is compared with the value
///     that was stored before it, and of the two the last counts.
///  2. Removing a Contact that is not bound succeeds: what is asked for is so.
struct binding {
  static constexpr char const* title = "binding";

  enum class state : std::uint8_t {
    absent,              ///< there is no such binding
    bound,               ///< visible to the proxy or redirect server
    tentatively_added,   ///< by the request that is being processed
    tentatively_updated, ///< the same; what was bound is still visible
    tentatively_removed, ///< the same
    aborted              ///< the request is out of order: it fails, and what was bound stays
  };
  enum class symbol : std::uint8_t {
    update_by_other_call_id,  ///< an expiration greater than zero
    update_in_order,          ///< the same Call-ID and a higher CSeq
    update_out_of_order,      ///< the same Call-ID and a CSeq that is not higher
    removal_by_other_call_id, ///< an expiration of zero, or "*"
    removal_in_order,
    removal_out_of_order,
    expired,  ///< the expiration interval has passed
    commit,   ///< every step of the request has succeeded
    roll_back ///< one has not
  };
  enum class action : std::uint8_t {
    record,     ///< note Contact, parameters, expiration, Call-ID, CSeq and Path, tentatively
    answer_500, ///< the request fails
    forget,     ///< what is noted tentatively
    tell_added, ///< it has become visible
    tell_updated,
    tell_removed, ///< by a request
    tell_expired
  };
  using enum state;
  using enum symbol;
  using enum action;
  using in = ctsip::in<state, symbol, action>;

  static constexpr symbol commands[] = {commit, roll_back};

  /// A REGISTER speaks of many bindings: what it says of one, only the registrar can tell.
  static constexpr symbol project(event const&) { return outside<symbol>; }
  static constexpr symbol project(binding_update const& u) {
    if (!u.same_call_id) return u.removes ? removal_by_other_call_id : update_by_other_call_id;
    if (u.higher_cseq) return u.removes ? removal_in_order : update_in_order;
    return u.removes ? removal_out_of_order : update_out_of_order;
  }

  // clang-format off
  static constexpr in::row rows[] = {
      // "If the binding does not exist, it is tentatively added." "Each binding record records the
      // Call-ID and CSeq values from the request." RFC 3327 5.3: "The registrar then stores this
      // path vector in association with that contact and the address-of-record".
      in{absent, tentatively_added}
          .on(update_by_other_call_id, update_in_order, update_out_of_order).does(record)
                                           .rfc("RFC 3261 10.3").then(tentatively_added),
      in{absent}.on(removal_by_other_call_id, removal_in_order, removal_out_of_order)
                                           .rfc("RFC 3261 10.2.2").stay(),
      in{tentatively_added}
          .on(removal_by_other_call_id, removal_in_order, removal_out_of_order).does(forget)
                                           .rfc("RFC 3261 10.3").then(absent),

      // "If the Call-ID value in the existing binding differs from the Call-ID value in the
      // request, the binding MUST be removed if the expiration time is zero and updated otherwise.
      // If they are the same, the registrar compares the CSeq value. If the value is higher than
      // that of the existing binding, it MUST update or remove the binding as above."
      // RFC 5626 6: "If the registrar receives a re-registration for a specific combination of AOR,
      // and instance-id and reg-id values, the registrar MUST update any information that uniquely
      // identifies the network flow over which the request arrived".
      in{bound, tentatively_updated, tentatively_removed}
          .on(update_by_other_call_id, update_in_order).does(record)
                                           .rfc("RFC 3261 10.3").then(tentatively_updated),
      // And of "*": "the registrar checks whether the Call-ID agrees with the value stored for each
      // binding. If not, it MUST remove the binding. If it does agree, it MUST remove the binding
      // only if the CSeq in the request is higher than the value stored for that binding."
      in{bound, tentatively_removed}.on(removal_by_other_call_id, removal_in_order)
                                           .rfc("RFC 3261 10.3").then(tentatively_removed),
      in{tentatively_updated}.on(removal_by_other_call_id, removal_in_order).does(forget)
                                           .rfc("RFC 3261 10.3").then(tentatively_removed),
      // "If not, the update MUST be aborted and the request fails. This algorithm ensures that
      // out-of-order requests from the same UA are ignored." "[...] the request MUST fail with a
      // 500 (Server Error) response".
      in{bound, tentatively_removed}.on(update_out_of_order, removal_out_of_order).does(answer_500)
                                           .race("RFC 3261 10.3").then(aborted),
      in{tentatively_updated}.on(update_out_of_order, removal_out_of_order)
          .does(answer_500, forget)        .race("RFC 3261 10.3").then(aborted),
      in{aborted}.on(update_by_other_call_id, update_in_order, update_out_of_order,
                     removal_by_other_call_id, removal_in_order, removal_out_of_order)
                                 .ignored("the request has failed already"),

      // "The binding updates MUST be committed (that is, made visible to the proxy or redirect
      // server) if and only if all binding updates and additions succeed."
      in{tentatively_added}.on(commit).does(tell_added)
                                           .rfc("RFC 3261 10.3").then(bound),
      in{tentatively_updated}.on(commit).does(tell_updated)
                                           .rfc("RFC 3261 10.3").then(bound),
      in{tentatively_removed}.on(commit).does(tell_removed)
                                           .rfc("RFC 3261 10.3").then(absent),
      in{aborted}.on(commit)
          .refused("a REGISTER committed of which one binding update has failed",
                   "RFC 3261 10.3"),
      // "If any one of them fails (for example, because the back-end database commit failed), the
      // request MUST fail with a 500 (Server Error) response and all tentative binding updates MUST
      // be removed."
      in{tentatively_added}.on(roll_back).does(forget)
                                           .rfc("RFC 3261 10.3").then(absent),
      in{tentatively_updated}.on(roll_back).does(forget)
                                           .rfc("RFC 3261 10.3").then(bound),
      in{tentatively_removed, aborted}.on(roll_back)
                                           .rfc("RFC 3261 10.3").then(bound),
      in{absent, bound}.on(commit, roll_back)
                                 .ignored("the request does not change this binding"),

      // "Registrations are soft state and expire unless refreshed".
      in{bound}.on(expired).does(tell_expired)
                                           .rfc("RFC 3261 10.2.2").then(absent),
      // A request is processed at one moment: what expires then is judged before it.
      in{absent, tentatively_added, tentatively_updated, tentatively_removed, aborted}.on(expired)
                                 .ignored("there is none, or its request is being processed"),
  };
  // clang-format on
};

} // namespace ctsip
