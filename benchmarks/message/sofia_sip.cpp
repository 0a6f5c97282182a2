// sofia-sip has one depth too: it parses every header field.
#include <sofia-sip/msg.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>

#include "variant.hpp"

namespace bench {

namespace {

std::string_view text_of(char const* s) { return s ? s : std::string_view{}; }

struct sofia_reader {
  template <class Take>
  static void with_message(std::string_view text, Take take) {
    msg_t* const m =
        msg_make(sip_default_mclass(), 0, text.data(), static_cast<issize_t>(text.size()));
    take(sip_object(m));
    msg_destroy(m);
  }

  template <class Take>
  static void classify(std::string_view text, Take take) {
    with_message(text, [&](sip_t const* sip) {
      take({sip->sip_request ? text_of(sip->sip_request->rq_method_name) : std::string_view{},
            sip->sip_status ? sip->sip_status->st_status : 0, text_of(sip->sip_via->v_branch),
            text_of(sip->sip_from->a_tag), text_of(sip->sip_to->a_tag),
            text_of(sip->sip_call_id->i_id), sip->sip_cseq->cs_seq,
            text_of(sip->sip_cseq->cs_method_name),
            sip->sip_contact ? text_of(sip->sip_contact->m_url->url_host) : std::string_view{},
            static_cast<std::uint32_t>(sip->sip_content_length->l_length)});
    });
  }

  static bool parse(std::string_view text) {
    bool right = false;
    with_message(text, [&](sip_t const* sip) { right = sip && !sip->sip_error; });
    return right;
  }
};

message_variant<sofia_reader> const entered("sofia-sip");

} // namespace

} // namespace bench
