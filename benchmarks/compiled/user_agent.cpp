// A user agent with all there is: calls both ways, requests outside of calls, registrations,
// credentials and handlers for every state. What a file costs to compile that has one.
#include <ctsip/user_agent/call_handles.hpp>
#include <ctsip/user_agent/registering.hpp>
#include <ctsip/user_agent/registration_handles.hpp>

namespace bench {

using namespace ctsip;

// Stands for somebody else's hash.
struct length_for_hash {
  static constexpr std::size_t size = 16;
  std::size_t length{};

  void update(std::string_view text) { length += text.size(); }
  void finish(unsigned char* out) const {
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<unsigned char>(length);
  }
};
struct hashes {
  using md5 = length_for_hash;
  using sha_256 = no_hash;
  using sha_512_256 = no_hash;
};
struct wallet {
  digest_login operator()(digest_question const&) const {
    return digest_login::with_password("alice", "zanzibar");
  }
};

using agent = endpoint<endpoint_size{.calls = 4, .transactions = 16, .message = 1300},
                       registering_traits<hashes, wallet>>;
using my = calls<agent>;
using mine = registrations<agent>;

struct phone {
  instant now;
  message_body session;

  void on(my::outgoing&) {}
  void on(my::incoming& c) {
    (void)c.ring(now);
    (void)c.answer(session, now);
  }
  void on(my::early&) {}
  void on(my::established& c, user_event const& e) {
    if (e.kind == user_event_kind::modification)
      (void)c.accept_modification(session, now);
    else
      (void)c.hang_up(now);
  }
  void on(my::ended&) {}
  void on(my::request& r) { (void)r.respond({.status = 200}, now); }
  void on(my::response&) {}

  void on(mine::unregistered&) {}
  void on(mine::registering&) {}
  void on(mine::challenged& r) { (void)r.remove(now); }
  void on(mine::registered&) {}
  void on(mine::waiting&) {}
  void on(mine::rejected&) {}
};

// All that a socket loop asks of it.
void turn(endpoint_settings const& own, wallet& known, std::string_view bytes,
          address const& source, instant now, bool (*send)(datagram const&)) {
  static agent a{own, known};
  phone desk{now, {}};
  outgoing_registration wanted;
  wanted.registrar = "sip:example.com";
  wanted.address_of_record = "sip:alice@example.com";
  (void)a.add(wanted, now);
  (void)place(a, {.target = "sip:bob@example.com", .from = "sip:alice@example.com"}, now);
  a.receive(bytes, source, transport::udp, now);
  while (a.next_timeout() <= now) a.handle_timeout(now);
  for (datagram d; a.poll_transmit(d);)
    if (!send(d)) a.handle_transport_error(d, now);
  for (user_event e; a.poll_event(e);) dispatch(a, e, desk);
  for (registrant_event e; a.poll_event(e);) dispatch(a, e, desk);
}

} // namespace bench
