// What makes an endpoint register, too: calls, requests and registrations over one layer of
// transactions, one socket and one look-up of passwords.
//
//   using traits = ctsip::registering_traits<my_hashes, wallet>;
//   ctsip::endpoint<size, traits> agent{settings, known};
//   ctsip::registration_handle const r = agent.add(wanted, now);
//   for (ctsip::registrant_event e; agent.poll_event(e);) …e.kind, e.until…
//
// Read registrant.hpp, call_credentials.hpp and endpoint.hpp before it.
#pragma once

#include <ctsip/user_agent/call_credentials.hpp>
#include <ctsip/user_agent/endpoint.hpp>
#include <ctsip/user_agent/registrant.hpp>

namespace ctsip {

/// The traits of an endpoint with `Size.registrations` at a time. `Hashes` and `LookUp` are those
/// of `digest_credentials`, for calls and registrations alike; the transactions and the length of a
/// message are those of the endpoint. Derive from it to name other kinds, too.
template <hash_suite Hashes, class LookUp, registrant_size Size = registrant_size{}>
struct registering_traits : endpoint_traits {
  using credentials = digest_credentials<Hashes, LookUp, Size.digest>;
  template <class Layer>
  using registrations = registration_set<Layer, Hashes, LookUp, Size>;
  template <class Agent>
  using registration_commands = ctsip::registration_commands<Agent>;
};

} // namespace ctsip
