// oSIP2's part of a registration: transactions, the parser and the writer. It has no rules of a
// registration and no credentials that outlive a request, so its user does as little as may be: the
// client copies its request, the server only answers. Nobody verifies the credentials, and no
// binding is kept.
#include "../transaction/osip2.hpp"

#include <cstring>
#include <vector>

#include "variant.hpp"

namespace bench {

namespace {

constexpr char const* peer = "oSIP2, transactions only";

void count_passed_up(int, osip_transaction_t*, osip_message_t*) { ++osip2_seen.passed_up; }

// Makes the stack ready for a run, and frees the transactions of the one before, whose messages are
// theirs.
void prepare_stack(std::vector<osip_transaction_t*>& done) {
  osip_t* const osip = osip2_stack();
  for (int const type :
       {OSIP_NICT_STATUS_2XX_RECEIVED, OSIP_NICT_STATUS_4XX_RECEIVED, OSIP_NIST_REGISTER_RECEIVED})
    osip_set_message_callback(osip, type, count_passed_up);
  for (auto* t : done) osip_transaction_free2(t);
  done.clear();
  done.reserve(2 * registrations_per_run);
}

std::size_t write(osip_message_t* m) {
  char* text = nullptr;
  std::size_t size = 0;
  osip_message_force_update(m);
  if (osip_message_to_str(m, &text, &size) != 0) std::abort();
  keep(*text);
  osip_free(text);
  return size;
}

// Sends a request, and has it answered.
osip_transaction_t* transact(osip_t* osip, osip_message_t* request) {
  osip_transaction_t* t = nullptr;
  if (osip_transaction_init(&t, NICT, osip, request) != 0) std::abort();
  osip_event_t* const send = osip_new_outgoing_sipmessage(request);
  send->transactionid = t->transactionid;
  osip_transaction_add_event(t, send);
  osip_nict_execute(osip);
  return t;
}
void answer(osip_t* osip, osip_event_t* response) {
  if (osip_find_transaction_and_add_event(osip, response) != 0) std::abort();
  osip_nict_execute(osip);
}

struct parsed_beforehand {
  struct prepared {
    osip_message_t* requests[2];
    osip_event_t* responses[2];
  };
  static inline std::vector<prepared> ready;
  static inline std::vector<osip_transaction_t*> done;

  static void prepare() {
    prepare_stack(done);
    ready.clear();
    for (int i = 0; i < registrations_per_run; ++i)
      ready.push_back(
          {{osip2_request(messages::first_register), osip2_request(messages::register_with_digest)},
           {osip2_received(messages::unauthorized), osip2_received(messages::registered)}});
  }
  static registering run_one(int i) {
    osip_t* const osip = osip2_stack();
    osip2_seen = {};
    prepared const& p = ready[static_cast<std::size_t>(i)];
    for (int n = 0; n < 2; ++n) {
      auto* const t = transact(osip, p.requests[n]);
      answer(osip, p.responses[n]);
      osip_remove_transaction(osip, t);
      done.push_back(t);
    }
    return {osip2_seen.sent, osip2_seen.passed_up, false, 0};
  }
  static bool is_right(registering r) { return r.sent == 2 && r.passed_up == 2; }
};

// The first REGISTER is there; the second one is copied from it.
struct from_the_wire {
  static inline std::vector<osip_message_t*> ready;
  static inline std::vector<osip_transaction_t*> done;

  static void prepare() {
    prepare_stack(done);
    ready.clear();
    for (int i = 0; i < registrations_per_run; ++i)
      ready.push_back(osip2_request(messages::first_register));
  }

  static void replace(char*& text, char const* with) {
    osip_free(text);
    text = osip_strdup(with);
  }
  static char* quoted(char const* text) {
    std::size_t const size = std::strlen(text);
    auto* const made = static_cast<char*>(osip_malloc(size + 3));
    made[0] = made[size + 1] = '"';
    std::memcpy(made + 1, text, size);
    made[size + 2] = '\0';
    return made;
  }

  static osip_message_t* with_credentials(osip_message_t const* first,
                                          osip_message_t const* challenge) {
    osip_message_t* m = nullptr;
    if (osip_message_clone(first, &m) != 0) std::abort();
    replace(m->cseq->number, "2");
    osip_via_t* via = nullptr;
    osip_message_get_via(m, 0, &via);
    osip_generic_param_t* branch = nullptr;
    osip_via_param_get_byname(via, const_cast<char*>("branch"), &branch);
    replace(branch->gvalue, "z9hG4bK92c7d81a3e");

    osip_www_authenticate_t* asked = nullptr;
    osip_authorization_t* a = nullptr;
    if (osip_message_get_www_authenticate(challenge, 0, &asked) < 0 ||
        osip_authorization_init(&a) != 0)
      std::abort();
    osip_authorization_set_auth_type(a, osip_strdup("Digest"));
    osip_authorization_set_username(a, quoted("alice"));
    osip_authorization_set_realm(a, osip_strdup(osip_www_authenticate_get_realm(asked)));
    osip_authorization_set_nonce(a, osip_strdup(osip_www_authenticate_get_nonce(asked)));
    osip_authorization_set_uri(a, quoted("sip:registrar.atlanta.example.com"));
    osip_authorization_set_response(a, quoted("dfe56131d1958046689d83306477ecc5"));
    osip_authorization_set_algorithm(a, osip_strdup("MD5"));
    osip_authorization_set_message_qop(a, osip_strdup("auth"));
    osip_authorization_set_nonce_count(a, osip_strdup("00000001"));
    osip_authorization_set_cnonce(a, quoted("0a4f113b"));
    osip_list_add(&m->authorizations, a, -1);
    return m;
  }

  static registering run_one(int i) {
    osip_t* const osip = osip2_stack();
    osip2_seen = {};
    osip_message_t* const first = ready[static_cast<std::size_t>(i)];
    auto* const t1 = transact(osip, first);
    std::size_t written = write(first);
    answer(osip, osip2_received(messages::unauthorized));
    osip_remove_transaction(osip, t1);
    osip_message_t* const second = with_credentials(first, t1->last_response);
    auto* const t2 = transact(osip, second);
    written += write(second);
    answer(osip, osip2_received(messages::registered));
    osip_remove_transaction(osip, t2);
    done.push_back(t1);
    done.push_back(t2);
    return {osip2_seen.sent, osip2_seen.passed_up, false, written};
  }
  static bool is_right(registering r) {
    return r.sent == 2 && r.passed_up == 2 &&
           r.written > messages::first_register.size() + messages::register_with_digest.size() - 40;
  }
};

struct answered {
  static inline std::vector<osip_transaction_t*> done;

  static void prepare() { prepare_stack(done); }

  static osip_message_t* ok_to(osip_message_t const* request) {
    osip_message_t* m = nullptr;
    if (osip_message_init(&m) != 0) std::abort();
    osip_message_set_version(m, osip_strdup("SIP/2.0"));
    osip_message_set_status_code(m, 200);
    osip_message_set_reason_phrase(m, osip_strdup("OK"));
    using cloner = int (*)(void*, void**);
    if (osip_list_clone(&request->vias, &m->vias, reinterpret_cast<cloner>(&osip_via_clone)) != 0 ||
        osip_list_clone(&request->contacts, &m->contacts,
                        reinterpret_cast<cloner>(&osip_contact_clone)) != 0 ||
        osip_from_clone(request->from, &m->from) != 0 || osip_to_clone(request->to, &m->to) != 0 ||
        osip_call_id_clone(request->call_id, &m->call_id) != 0 ||
        osip_cseq_clone(request->cseq, &m->cseq) != 0)
      std::abort();
    osip_to_set_tag(m->to, osip_strdup("1410948204"));
    return m;
  }

  static registering run_one(int) {
    osip_t* const osip = osip2_stack();
    osip2_seen = {};
    osip_event_t* const got = osip2_received(messages::register_with_digest);
    osip_transaction_t* t = nullptr;
    if (osip_transaction_init(&t, NIST, osip, got->sip) != 0) std::abort();
    osip_transaction_add_event(t, got);
    osip_nist_execute(osip);
    osip_message_t* const response = ok_to(t->orig_request);
    osip_event_t* const send = osip_new_outgoing_sipmessage(response);
    send->transactionid = t->transactionid;
    osip_transaction_add_event(t, send);
    osip_nist_execute(osip);
    std::size_t const written = write(response);
    osip_remove_transaction(osip, t);
    done.push_back(t);
    return {osip2_seen.sent, osip2_seen.passed_up, false, written};
  }
  static bool is_right(registering r) { return r.sent == 1 && r.passed_up == 1 && r.written > 300; }
};

registration_variant<parsed_beforehand> const told(registration_group, peer);
registration_variant<from_the_wire> const wire(registrant_group, peer);
registration_variant<answered> const server_side(registrar_group, peer);

} // namespace

} // namespace bench
