// sofia-sip (nta) answering SIPp's `uac` scenario.
//
//   sofia_sip_answer        prints "listening on 127.0.0.1:<port>", and on SIGTERM what a call cost
#include <signal.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_wait.h>

namespace {

volatile sig_atomic_t stopped = 0;
nta_agent_t* agent = nullptr;
long calls = 0;
char contact[64];

constexpr char const* session = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
                                "t=0 0\r\nm=audio 9 RTP/AVP 0\r\na=inactive\r\n";

double processor_microseconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  auto const of = [](timeval const& t) {
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

int hear_ack(nta_incoming_magic_t*, nta_incoming_t* t, sip_t const*) {
  nta_incoming_destroy(t);
  return 0;
}

int hear(nta_leg_magic_t*, nta_leg_t* leg, nta_incoming_t* t, sip_t const* sip) {
  if (sip->sip_request->rq_method == sip_method_bye) {
    nta_leg_destroy(leg);
    return 200;
  }
  if (sip->sip_request->rq_method != sip_method_invite) return 405;
  ++calls;
  nta_leg_t* const dialog =
      nta_leg_tcreate(agent, hear, nullptr, SIPTAG_CALL_ID(sip->sip_call_id),
                      SIPTAG_FROM(sip->sip_to), SIPTAG_TO(sip->sip_from), TAG_END());
  nta_incoming_tag(t, nta_leg_tag(dialog, nullptr));
  nta_leg_server_route(dialog, sip->sip_record_route, sip->sip_contact);
  nta_incoming_bind(t, hear_ack, nullptr);
  nta_incoming_treply(t, SIP_180_RINGING, SIPTAG_CONTACT_STR(contact), TAG_END());
  nta_incoming_treply(t, SIP_200_OK, SIPTAG_CONTACT_STR(contact),
                      SIPTAG_CONTENT_TYPE_STR("application/sdp"), SIPTAG_PAYLOAD_STR(session),
                      TAG_END());
  return 0;
}

int ignore(nta_agent_magic_t*, nta_agent_t*, msg_t* m, sip_t*) {
  msg_destroy(m);
  return 0;
}

} // namespace

int main() {
  struct sigaction stop {};
  stop.sa_handler = [](int) { stopped = 1; };
  ::sigaction(SIGTERM, &stop, nullptr);
  if (su_init() != 0) return 1;
  su_root_t* const root = su_root_create(nullptr);
  agent = nta_agent_create(root, URL_STRING_MAKE("sip:127.0.0.1:*;transport=udp"), ignore, nullptr,
                           NTATAG_UA(1), TAG_END());
  if (!agent || !nta_leg_tcreate(agent, hear, nullptr, NTATAG_NO_DIALOG(1), TAG_END())) return 1;
  char const* const port = nta_agent_contact(agent)->m_url->url_port;
  std::snprintf(contact, sizeof contact, "<sip:sofia@127.0.0.1:%s>", port);
  std::printf("listening on 127.0.0.1:%s\n", port);
  std::fflush(stdout);

  double const before = processor_microseconds();
  while (!stopped) su_root_step(root, 1000);
  if (calls)
    std::printf("%.1f microseconds of processor time a call\n",
                (processor_microseconds() - before) / static_cast<double>(calls));
}
