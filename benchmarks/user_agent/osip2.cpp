// oSIP2 as a user agent. It has the parser, the transactions and the data of a dialog; its user
// composes each message and the ACK, and finds the dialog of a request, which is done here as
// briefly as can be: nothing is checked beyond what oSIP2 checks by itself.
#include "../transaction/osip2.hpp"

#include <osip2/osip_dialog.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "variant.hpp"

namespace bench {

namespace {

// What the callbacks see of the call that is under way.
struct {
  talk so_far;
  osip_dialog_t* dialog = nullptr;
  bool is_client = false;
} now;

int write(osip_message_t* m) {
  char* text = nullptr;
  std::size_t size = 0;
  osip_message_force_update(m);
  if (osip_message_to_str(m, &text, &size) != 0) std::abort();
  keep(*text);
  osip_free(text);
  ++now.so_far.sent;
  now.so_far.written += size;
  return 0;
}

template <class T>
void must(T const& result) {
  if (result != 0) std::abort();
}

// A request as far as those out of a dialog and within one are alike.
osip_message_t* new_request(char const* method, char const* branch, char const* cseq) {
  osip_message_t* m = nullptr;
  must(osip_message_init(&m));
  osip_message_set_method(m, osip_strdup(method));
  osip_message_set_version(m, osip_strdup("SIP/2.0"));
  osip_message_set_status_code(m, 0);
  char via[128];
  std::snprintf(via, sizeof via, "SIP/2.0/UDP client.atlanta.example.com:5060;branch=%s;rport",
                branch);
  must(osip_message_set_via(m, via));
  must(osip_message_set_cseq(m, cseq));
  must(osip_message_set_max_forwards(m, "70"));
  return m;
}

osip_message_t* ack_to_success(int i) {
  auto const& d = *now.dialog;
  char branch[40];
  std::snprintf(branch, sizeof branch, "z9hG4bK74b76b%d", i);
  osip_message_t* const m = new_request("ACK", branch, "1 ACK");
  must(osip_uri_clone(d.remote_contact_uri->url, &m->req_uri));
  must(osip_to_clone(d.remote_uri, &m->to));
  must(osip_from_clone(d.local_uri, &m->from));
  must(osip_message_set_call_id(m, d.call_id));
  using cloner = int (*)(void*, void**);
  must(osip_list_clone(&d.route_set, &m->routes, reinterpret_cast<cloner>(&osip_route_clone)));
  return m;
}

osip_message_t* response_to(osip_message_t const* request, int status, char const* tag) {
  osip_message_t* m = nullptr;
  must(osip_message_init(&m));
  osip_message_set_version(m, osip_strdup("SIP/2.0"));
  osip_message_set_status_code(m, status);
  osip_message_set_reason_phrase(m, osip_strdup(osip_message_get_reason(status)));
  using cloner = int (*)(void*, void**);
  must(osip_list_clone(&request->vias, &m->vias, reinterpret_cast<cloner>(&osip_via_clone)));
  must(osip_list_clone(&request->record_routes, &m->record_routes,
                       reinterpret_cast<cloner>(&osip_record_route_clone)));
  must(osip_from_clone(request->from, &m->from));
  must(osip_to_clone(request->to, &m->to));
  must(osip_call_id_clone(request->call_id, &m->call_id));
  must(osip_cseq_clone(request->cseq, &m->cseq));
  if (tag) osip_to_set_tag(m->to, osip_strdup(tag));
  return m;
}
void set_body(osip_message_t* m, std::string_view text) {
  must(osip_message_set_content_type(m, "application/sdp"));
  must(osip_message_set_body(m, text.data(), text.size()));
}

void on_provisional(int, osip_transaction_t*, osip_message_t* m) {
  if (m->status_code == 100) return;
  ++now.so_far.told;
  if (!now.dialog) must(osip_dialog_init_as_uac(&now.dialog, m));
}
void on_success(int, osip_transaction_t*, osip_message_t* m) {
  ++now.so_far.told;
  must(osip_dialog_match_as_uac(now.dialog, m));
  must(osip_dialog_update_route_set_as_uac(now.dialog, m));
  osip_dialog_set_state(now.dialog, DIALOG_CONFIRMED);
}
void on_request(int, osip_transaction_t*, osip_message_t*) { ++now.so_far.told; }

osip_t* stack() {
  static osip_t* const made = [] {
    osip2_stack(); // initialises the parser
    osip_t* osip = nullptr;
    must(osip_init(&osip));
    osip_set_cb_send_message(
        osip, [](osip_transaction_t*, osip_message_t* m, char*, int, int) { return write(m); });
    osip_set_message_callback(osip, OSIP_ICT_STATUS_1XX_RECEIVED, on_provisional);
    osip_set_message_callback(osip, OSIP_ICT_STATUS_2XX_RECEIVED, on_success);
    osip_set_message_callback(osip, OSIP_IST_INVITE_RECEIVED, on_request);
    osip_set_message_callback(osip, OSIP_NIST_BYE_RECEIVED, on_request);
    return osip;
  }();
  return made;
}

std::vector<osip_transaction_t*> done;

// Transactions and what they hold are released outside of what is measured.
void forget_transactions() {
  for (auto* t : done) osip_transaction_free2(t);
  done.clear();
  done.reserve(2 * calls_per_run);
}
void end(osip_transaction_t* t) {
  osip_remove_transaction(stack(), t);
  done.push_back(t);
}

struct client_call {
  static inline std::string responses[calls_per_run][3];

  static void prepare() {
    forget_transactions();
    if (!responses[0][0].empty()) return;
    for (int i = 0; i < calls_per_run; ++i) {
      auto names = caller_names(i);
      names.to_tag = "8321234356";
      int r = 0;
      for (auto const text : {messages::trying, messages::ringing, messages::ok})
        responses[i][r++] = message_of_call(text, names);
    }
  }

  static osip_message_t* invite(int i) {
    char branch[40], from[120], call_id[80];
    std::snprintf(branch, sizeof branch, "z9hG4bK74bf%d", 100000 + i);
    std::snprintf(from, sizeof from, "<sip:alice@atlanta.example.com>;tag=9fxce%d", 100000 + i);
    std::snprintf(call_id, sizeof call_id, "3848276298220%d@atlanta.example.com", 100000 + i);
    osip_message_t* const m = new_request("INVITE", branch, "1 INVITE");
    must(osip_uri_init(&m->req_uri));
    must(osip_uri_parse(m->req_uri, "sip:bob@biloxi.example.com"));
    must(osip_message_set_from(m, from));
    must(osip_message_set_to(m, "<sip:bob@biloxi.example.com>"));
    must(osip_message_set_call_id(m, call_id));
    must(osip_message_set_contact(m, "<sip:alice@client.atlanta.example.com:5060;transport=udp>"));
    must(osip_message_set_header(m, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE"));
    must(osip_message_set_supported(m, "100rel, timer"));
    set_body(m, messages::offer);
    return m;
  }

  static talk run_one(int i) {
    osip_t* const osip = stack();
    now = {};
    osip_message_t* const request = invite(i);
    osip_transaction_t* t = nullptr;
    must(osip_transaction_init(&t, ICT, osip, request));
    osip_event_t* const send = osip_new_outgoing_sipmessage(request);
    send->transactionid = t->transactionid;
    osip_transaction_add_event(t, send);
    osip_ict_execute(osip);
    for (auto const& response : responses[i]) {
      must(osip_find_transaction_and_add_event(osip, osip2_received(response)));
      osip_ict_execute(osip);
    }
    end(t);
    osip_message_t* const ack = ack_to_success(i);
    write(ack);
    osip_message_free(ack);
    osip_dialog_free(now.dialog);
    return now.so_far;
  }
};

struct server_call {
  static inline std::string requests[calls_per_run][3];
  static constexpr char const* tag = "8321234356";

  static void prepare() {
    forget_transactions();
    if (!requests[0][0].empty()) return;
    for (int i = 0; i < calls_per_run; ++i) {
      auto names = caller_names(i);
      names.to_tag = tag;
      int r = 0;
      for (auto const text : {messages::invite, messages::ack_to_callee, messages::bye_to_callee}) {
        requests[i][r++] = message_of_call(text, names);
        names.branch += 'b';
      }
    }
  }

  static osip_event_t* received(std::string_view text) {
    osip_event_t* const e = osip2_received(text);
    must(osip_message_fix_last_via_header(e->sip, "192.0.2.101", 5060));
    return e;
  }
  static osip_transaction_t* begin(osip_fsm_type_t type, osip_event_t* e) {
    osip_transaction_t* t = nullptr;
    must(osip_transaction_init(&t, type, stack(), e->sip));
    osip_transaction_add_event(t, e);
    return t;
  }
  static void send(osip_transaction_t* t, osip_message_t* response) {
    osip_event_t* const e = osip_new_outgoing_sipmessage(response);
    e->transactionid = t->transactionid;
    osip_transaction_add_event(t, e);
  }

  static talk run_one(int i) {
    osip_t* const osip = stack();
    now = {};
    osip_event_t* const invite = received(requests[i][0]);
    if (osip_find_transaction_and_add_event(osip, invite) == 0) std::abort();
    osip_transaction_t* const t = begin(IST, invite);
    osip_ist_execute(osip);
    send(t, response_to(t->orig_request, 100, nullptr));
    osip_ist_execute(osip);
    for (int const status : {180, 200}) {
      osip_message_t* const m = response_to(t->orig_request, status, tag);
      must(osip_message_set_contact(m, "<sip:bob@client.biloxi.example.com:5060;transport=udp>"));
      if (status == 200) {
        must(osip_message_set_header(m, "Allow",
                                     "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE"));
        must(osip_message_set_supported(m, "100rel, timer"));
        set_body(m, messages::answer);
      } else {
        must(osip_dialog_init_as_uas(&now.dialog, t->orig_request, m));
      }
      send(t, m);
      osip_ist_execute(osip);
    }
    osip_dialog_set_state(now.dialog, DIALOG_CONFIRMED);
    end(t);

    osip_event_t* const ack = received(requests[i][1]);
    if (osip_dialog_match_as_uas(now.dialog, ack->sip) == 0) ++now.so_far.told;
    osip_message_free(ack->sip);
    osip_free(ack);

    osip_event_t* const bye = received(requests[i][2]);
    if (osip_find_transaction_and_add_event(osip, bye) == 0) std::abort();
    must(osip_dialog_match_as_uas(now.dialog, bye->sip));
    must(osip_dialog_update_osip_cseq_as_uas(now.dialog, bye->sip));
    osip_transaction_t* const b = begin(NIST, bye);
    osip_nist_execute(osip);
    send(b, response_to(b->orig_request, 200, nullptr));
    osip_nist_execute(osip);
    end(b);
    osip_dialog_free(now.dialog);
    return now.so_far;
  }
};

call_variant<client_call, is_client_call> const client(client_call_group, "oSIP2");
call_variant<server_call, is_server_call> const server(server_call_group, "oSIP2");

} // namespace

} // namespace bench
