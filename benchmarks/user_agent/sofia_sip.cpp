// sofia-sip as a user agent: its transactions and dialogs (nta). They have no entry for a message
// in memory, so datagrams go over the loopback interface: instructions are those of the program,
// but the times are no peer's of the others and the label says so.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_wait.h>

#include "variant.hpp"

namespace bench {

namespace {

constexpr char const* peer_name = "sofia-sip nta, over loopback";

talk so_far;

// The other side: a socket.
struct remote {
  int fd;
  std::string port;

  remote() : fd(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof own;
    if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&own), size) != 0 ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) != 0)
      std::abort();
    port = std::to_string(ntohs(own.sin_port));
  }
  void connect_to(char const* to_port) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(to_port)));
    if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) std::abort();
  }
  void send(std::string const& text) const {
    if (::send(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) std::abort();
  }
  void take() const {
    char buffer[2000];
    for (ssize_t n; (n = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT)) > 0;) {
      ++so_far.sent;
      so_far.written += static_cast<std::size_t>(n);
    }
  }
};

su_root_t* event_loop() {
  static su_root_t* const made = [] {
    if (su_init() != 0) std::abort();
    su_root_t* const root = su_root_create(nullptr);
    if (!root) std::abort();
    return root;
  }();
  return made;
}

int ignore_request(nta_agent_magic_t*, nta_agent_t*, msg_t* m, sip_t*) {
  msg_destroy(m);
  return 0;
}
nta_agent_t* new_agent() {
  nta_agent_t* const made =
      nta_agent_create(event_loop(), URL_STRING_MAKE("sip:127.0.0.1:*;transport=udp"),
                       ignore_request, nullptr, NTATAG_UA(1), TAG_END());
  if (!made) std::abort();
  return made;
}

// Runs what is due, until something has come of it.
template <class Done>
void run_until(Done done) {
  for (int i = 0; i < 1000 && !done(); ++i) su_root_step(event_loop(), 10);
}

struct client_call {
  static inline nta_agent_t* agent = nullptr;
  static inline remote* bob = nullptr;
  static inline std::string next_hop;
  static inline std::string responses[calls_per_run][3];
  static inline int run = 0;

  static inline nta_leg_t* dialog = nullptr;
  static inline int heard = 0;

  static std::string branch(int i) {
    return "z9hG4bK74bf" + std::to_string(100000 + run * calls_per_run + i);
  }
  static call_names names(int i) {
    auto n = caller_names(run * calls_per_run + i);
    n.to_tag = "8321234356";
    return n;
  }

  // Each run has identifiers of its own, since what it has left behind is still there.
  static void prepare() {
    if (!agent) {
      agent = new_agent();
      bob = new remote;
      bob->connect_to(nta_agent_contact(agent)->m_url->url_port);
      next_hop = "sip:127.0.0.1:" + bob->port;
      nta_agent_set_params(agent, NTATAG_PASS_100(1), TAG_END());
    }
    ++run;
    for (int i = 0; i < calls_per_run; ++i) {
      int r = 0;
      for (auto const text : {messages::trying, messages::ringing, messages::ok})
        responses[i][r++] = message_of_call(text, names(i));
    }
  }

  static int hear(nta_outgoing_magic_t*, nta_outgoing_t*, sip_t const* sip) {
    ++heard;
    int const status = sip->sip_status->st_status;
    if (status == 100) return 0;
    ++so_far.told;
    if (status == 180) {
      nta_leg_rtag(dialog, sip->sip_to->a_tag);
      nta_leg_client_route(dialog, sip->sip_record_route, sip->sip_contact);
      return 0;
    }
    nta_leg_client_reroute(dialog, sip->sip_record_route, sip->sip_contact, 1);
    nta_outgoing_t* const ack =
        nta_outgoing_tcreate(dialog, nullptr, nullptr, URL_STRING_MAKE(next_hop.c_str()),
                             SIP_METHOD_ACK, nullptr, SIPTAG_CSEQ_STR("1 ACK"), TAG_END());
    if (!ack) std::abort();
    nta_outgoing_destroy(ack);
    return 0;
  }

  static talk run_one(int i) {
    so_far = {};
    heard = 0;
    auto const n = names(i);
    auto const from = "<sip:alice@atlanta.example.com>;tag=" + n.from_tag;
    dialog = nta_leg_tcreate(agent, nullptr, nullptr, SIPTAG_CALL_ID_STR(n.call_id.c_str()),
                             SIPTAG_FROM_STR(from.c_str()),
                             SIPTAG_TO_STR("<sip:bob@biloxi.example.com>"), TAG_END());
    auto const offer = std::string(messages::offer);
    nta_outgoing_t* const invite = nta_outgoing_tcreate(
        dialog, hear, nullptr, URL_STRING_MAKE(next_hop.c_str()), SIP_METHOD_INVITE,
        URL_STRING_MAKE("sip:bob@biloxi.example.com"), NTATAG_BRANCH_KEY(n.branch.c_str()),
        SIPTAG_CSEQ_STR("1 INVITE"),
        SIPTAG_CONTACT_STR("<sip:alice@client.atlanta.example.com:5060;transport=udp>"),
        SIPTAG_ALLOW_STR("INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE"),
        SIPTAG_SUPPORTED_STR("100rel, timer"), SIPTAG_CONTENT_TYPE_STR("application/sdp"),
        SIPTAG_PAYLOAD_STR(offer.c_str()), TAG_END());
    if (!invite) std::abort();
    for (int r = 0; r < 3; ++r) {
      bob->send(responses[i][r]);
      run_until([&] { return heard > r; });
    }
    bob->take();
    nta_outgoing_destroy(invite);
    nta_leg_destroy(dialog);
    return so_far;
  }
};

struct server_call {
  static inline nta_agent_t* agent = nullptr;
  static inline remote* alice = nullptr;
  static inline std::string requests[calls_per_run][3];
  static inline int run = 0;

  static inline nta_leg_t* dialog = nullptr;
  static inline nta_incoming_t* invite = nullptr;
  static inline int heard = 0;

  static void prepare() {
    if (!agent) {
      agent = new_agent();
      alice = new remote;
      alice->connect_to(nta_agent_contact(agent)->m_url->url_port);
      nta_leg_tcreate(agent, hear, nullptr, NTATAG_NO_DIALOG(1), TAG_END());
    }
    ++run;
    for (int i = 0; i < calls_per_run; ++i) {
      auto n = caller_names(run * calls_per_run + i);
      n.to_tag = "8321234356";
      int r = 0;
      for (auto const text : {messages::invite, messages::ack_to_callee, messages::bye_to_callee}) {
        requests[i][r++] = message_of_call(text, n);
        n.branch += 'b';
      }
    }
  }

  static int hear_ack(nta_incoming_magic_t*, nta_incoming_t*, sip_t const*) {
    ++heard;
    ++so_far.told;
    return 0;
  }
  static int hear(nta_leg_magic_t*, nta_leg_t*, nta_incoming_t* t, sip_t const* sip) {
    if (sip->sip_request->rq_method == sip_method_bye) {
      ++heard;
      ++so_far.told;
      return 200;
    }
    if (sip->sip_request->rq_method != sip_method_invite) return 405;
    ++heard;
    ++so_far.told;
    dialog = nta_leg_tcreate(agent, hear, nullptr, SIPTAG_CALL_ID(sip->sip_call_id),
                             SIPTAG_FROM(sip->sip_to), SIPTAG_TO(sip->sip_from), TAG_END());
    nta_leg_tag(dialog, "8321234356");
    nta_incoming_tag(t, "8321234356");
    nta_leg_server_route(dialog, sip->sip_record_route, sip->sip_contact);
    nta_incoming_bind(t, hear_ack, nullptr);
    auto const contact = "<sip:bob@client.biloxi.example.com:5060;transport=udp>";
    auto const answer = std::string(messages::answer);
    nta_incoming_treply(t, SIP_100_TRYING, TAG_END());
    nta_incoming_treply(t, SIP_180_RINGING, SIPTAG_CONTACT_STR(contact), TAG_END());
    nta_incoming_treply(t, SIP_200_OK, SIPTAG_CONTACT_STR(contact),
                        SIPTAG_ALLOW_STR("INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE"),
                        SIPTAG_SUPPORTED_STR("100rel, timer"),
                        SIPTAG_CONTENT_TYPE_STR("application/sdp"),
                        SIPTAG_PAYLOAD_STR(answer.c_str()), TAG_END());
    invite = t;
    return 0;
  }

  static talk run_one(int i) {
    so_far = {};
    heard = 0;
    for (int r = 0; r < 3; ++r) {
      alice->send(requests[i][r]);
      run_until([&] { return heard > r; });
    }
    alice->take();
    nta_incoming_destroy(invite);
    nta_leg_destroy(dialog);
    return so_far;
  }
};

call_variant<client_call, is_client_call> const client(client_call_group, peer_name);
call_variant<server_call, is_server_call> const server(server_call_group, peer_name);

} // namespace

} // namespace bench
